/**
 * Records a training for TensorBoard, in a file of its run folder, so that `--logdir runs` names each run as
 * its folder. Figures are tagged `loss/train` and `loss/val`, so that they lie side by side; CUSTOM SCALARS
 * has both in one chart.
 *
 * The file tells how a training went, with its wall times. It is no result: no digest covers it.
 */
import type { Figures } from '../../contracts/figures.ts';
import type { Task } from '../../contracts/task.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { figuresFor } from '../../model/catalogue.ts';
import type { EpochFigures } from '../../training/run-state.ts';
import type { RecordedEpoch } from '../csv.ts';
import { chartLayout } from './charts.ts';
import { beginEvents, eventFilesIn } from './event-file.ts';
import { type Moment, scalars, sessionStart } from './events.ts';
import * as sweep from './hyperparameters.ts';

export interface EventRecorder {
  /** The file. */
  path: string;
  add(epoch: RecordedEpoch): Promise<void>;
  /** Adds the figures on the test set, if there are some, and flushes the file to the disk. */
  end(test: Figures | undefined, options?: { succeeded: boolean }): Promise<void>;
}

export interface EventOptions {
  folder: string;
  experiment: Pick<Experiment, 'evaluateEvery' | 'steps'>;
  task: Task;
  /** Figures of a training that goes on. */
  before?: readonly EpochFigures[];
  /** Of a training in a sweep: its hyperparameters. */
  session?: sweep.SessionOf | undefined;
}

/**
 * A training that goes on gets a new file, with a mark from which step on the files before are void. If there
 * are none, the new one has what was trained before, too.
 *
 * @throws LockstepError `failed` if the file cannot be begun
 */
export async function recordEvents(options: EventOptions): Promise<EventRecorder> {
  const { folder, experiment, task, before = [], session } = options;
  // Steps are whole numbers. Figures that are taken within epochs count by updates.
  const byUpdates = experiment.evaluateEvery.steps !== undefined || experiment.steps !== undefined;
  const stepOf = ({ epoch, step }: EpochFigures) => (byUpdates ? step : Math.ceil(epoch));
  const last = before.length > 0 ? stepOf(before.at(-1)!) : 0;
  const known = (await eventFilesIn(folder)).length > 0;
  const now = (step: number): Moment => ({ wallTime: Date.now() / 1000, step });
  const file = await beginEvents(folder, now(0).wallTime);
  // Figures of minibatches are these two.
  const both = ['loss', figuresFor(task).minibatches.figure];
  const charts = Object.fromEntries(both.map((name) => [name, [`${name}/train`, `${name}/val`]]));
  await file.add(
    sessionStart(now(known ? last + 1 : 0)),
    chartLayout(now(0), charts),
    ...(session ? [sweep.sessionStart(now(0), session)] : []),
    ...(known ? [] : before.map((epoch) => scalars(now(stepOf(epoch)), figuresAt(epoch)))),
  );
  let step = last;
  return {
    path: file.path,
    add(epoch) {
      step = stepOf(epoch);
      const speed = { samples_per_second: epoch.samplesPerSecond };
      return file.add(scalars(now(step), { ...figuresAt(epoch), ...speed }));
    },
    async end(test, { succeeded } = { succeeded: true }) {
      await file.add(
        ...(test ? [scalars(now(step), tagged('test', test))] : []),
        ...(session ? [sweep.sessionEnd(now(0), succeeded)] : []),
      );
      await file.flush();
    },
  };
}

/** The figures of an epoch by their tags: those of metrics.csv. */
function figuresAt({ train, validation, learningRate }: EpochFigures): Record<string, number> {
  return {
    ...tagged('train', train),
    ...(validation ? tagged('val', validation) : {}),
    learning_rate: learningRate,
  };
}

function tagged(set: string, figures: Figures): Record<string, number> {
  const numbers = Object.entries(figures).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers.map(([name, value]) => [`${name}/${set}`, value]));
}
