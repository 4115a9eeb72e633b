/**
 * The library's `train` checks its arguments, and its model can be saved. The training itself is
 * training/train.ts, which also runs in a browser.
 */
import { checkDataset } from '../data/check.ts';
import { checkExperiment } from '../experiment/define.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { checkObject, checkOptions, checkText, wrongKind, wrongValue } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Executor } from '../parallel/executor.ts';
import { beginWith } from '../training/begin-with.ts';
import type { EndEvent, TrainEvent } from '../training/events.ts';
import type { Pretrained } from '../training/pretrained.ts';
import { type TrainOptions, train as trainAnywhere } from '../training/train.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { newRunFolder } from './begin.ts';
import type { RecordedEpoch } from './csv.ts';
import { recorded, recordRun } from './record-run.ts';
import type { RunSummary } from './summary.ts';

export interface LibraryOptions extends Omit<TrainOptions, 'executor' | 'reuse' | 'from' | 'pretrained'> {
  executor?: Executor;
  /** Begins with these weights instead of drawing them; see readPretrained. */
  pretrained?: Pretrained;
  /** @deprecated The name of `executor` before 0.2. */
  crew?: Executor;
}

/** A trained network that can be saved. */
export interface SavableModel extends TrainedModel {
  /**
   * Writes a run folder that `openRun` can read, like `train` on the command line, but without the report.
   *
   * @param folder new or empty
   * @throws LockstepError if the folder is not empty, or cannot be written
   */
  save(folder: string): Promise<RunSummary>;
}

export type LibraryEvent = Exclude<TrainEvent, EndEvent> | LibraryEndEvent;

export interface LibraryEndEvent extends EndEvent {
  readonly model: SavableModel;
}

const known = ['dataset', 'executor', 'crew', 'profile', 'signal', 'locate', 'test', 'pretrained'];

/**
 * Trains the experiment. The bits of `weights` and of all figures depend on the experiment and the data
 * alone, not on the executor.
 *
 * @throws TypeError or RangeError for an argument, such as `dataset.train.labels[3]: expected ...`;
 *   LockstepError if a shape cannot fit, a worker is lost, or the loss is no longer finite
 */
export async function* train(
  experiment: Experiment,
  options: LibraryOptions,
): AsyncGenerator<LibraryEvent, void> {
  const { experiment: recordedAs, ...checked } = check(experiment, options);
  const begun = performance.now();
  const epochs: RecordedEpoch[] = [];
  for await (const event of trainAnywhere(recordedAs, checked)) {
    if (event.kind === 'epoch') epochs.push(recorded(event));
    yield event.kind === 'end' ? savable(event, epochs, recordedAs, checked, begun) : event;
  }
}

/** The options, and the experiment, which says what the training begins with. */
function check(experiment: Experiment, options: LibraryOptions): TrainOptions & { experiment: Experiment } {
  checkExperiment(experiment);
  checkObject('options', options, 'an object with dataset and executor');
  checkOptions('options', options, known);
  const { executor: given, crew, ...rest } = options;
  const executor = given ?? crew;
  if (typeof executor?.start !== 'function') {
    throw wrongKind('options.executor', 'threads(n) or inline()', executor);
  }
  checkDataset(rest.dataset);
  if (rest.signal !== undefined && !(rest.signal instanceof AbortSignal)) {
    throw wrongKind('options.signal', 'an AbortSignal', rest.signal);
  }
  for (const name of ['profile', 'test'] as const) {
    const value = rest[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw wrongKind(`options.${name}`, 'true or false', value);
    }
  }
  if (rest.test !== false && rest.dataset.test.count === 0) {
    throw wrongValue('dataset.test.count', '1 or more, or `test: false` in the options', 0);
  }
  const checked = { ...rest, executor };
  return {
    experiment,
    ...checked,
    ...(rest.pretrained ? beginning(experiment, checked, rest.pretrained) : {}),
  };
}

function beginning(experiment: Experiment, options: TrainOptions, pretrained: Pretrained) {
  const { name, tensors, signature } = checkObject(
    'options.pretrained',
    pretrained,
    'what readPretrained gives',
  );
  checkText('options.pretrained.name', name, 'where the weights are from');
  if (!Array.isArray(tensors)) throw wrongKind('options.pretrained.tensors', 'an array of tensors', tensors);
  if (signature !== undefined) checkObject('options.pretrained.signature', signature, 'a signature');
  const begins = beginWith(experiment, options, pretrained);
  return { experiment: begins.experiment, pretrained: begins.pretrained };
}

/** The event with a model that can be saved. */
function savable(
  event: EndEvent,
  epochs: readonly RecordedEpoch[],
  experiment: Experiment,
  { dataset, executor, pretrained }: TrainOptions,
  begun: number,
): LibraryEndEvent {
  const save = async (folder: string): Promise<RunSummary> => {
    await newRunFolder(checkText('folder', folder, 'the path of a folder'), experiment, pretrained);
    const { signature, classWeights } = event;
    const recorder = await recordRun({
      experiment,
      dataset,
      signature,
      classWeights,
      folder,
      threads: executor.threads,
      begun,
    });
    const { best } = event;
    for (const one of epochs) {
      await recorder.epoch(one.epoch === best?.epoch ? { ...one, best: () => best } : one);
    }
    const { summary, missing } = await recorder.end(event);
    if (missing.length > 0) throw new LockstepError('failed', missing);
    return summary;
  };
  let model: SavableModel | undefined;
  const get = () => {
    model ??= { ...event.model, save };
    return model;
  };
  return Object.defineProperty({ ...event }, 'model', { get }) as LibraryEndEvent;
}
