/** Opens a data set by the user's name for it. */
import { tasks as allTasks, type Task } from '../contracts/task.ts';
import {
  type DataFormat,
  isMadeSource,
  listOfSources,
  madeSettings,
  namedSources,
} from '../experiment/data-settings.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { tasksOf } from '../experiment/task-of.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { didYouMean } from '../platform/meant-path.ts';
import type { Dataset } from './dataset.ts';
import type { Progress } from './reader.ts';
import { readerOf } from './readers.ts';
import { foldDataset } from './test-split.ts';

export interface OpenOptions extends DataFormat {
  /** What may be predicted; by default what the data looks like. */
  tasks?: readonly Task[];
  /** Called now and then while a large file is read. */
  progress?: Progress;
  /** All samples that the folds are made of, as the training set. */
  unfolded?: boolean;
}

/**
 * Opens `mnist`, `mnist-2000`, a table or pictures in a CSV file, a folder of pictures or of IDX files, an
 * .npz file; makes `two-moons` or `spirals`.
 *
 * @throws LockstepError `data` that names the bad file, and its line if there is one
 */
export async function openDataset(source: string, options: OpenOptions = {}): Promise<Dataset> {
  checkText('source', source, `${listOfSources}, or the path of a folder or file`);
  const { tasks, progress, unfolded = false, ...format } = options;
  if (!isMadeSource(source)) refuseMadeSettings(source, format);
  const reader = await readerOf(source);
  if (!reader) {
    throw new LockstepError('data', {
      where: source,
      expected: `${listOfSources}, a file with a table or pictures, or a folder of pictures`,
      got: 'no such file or folder',
      ...didYouMean(source, { words: namedSources }),
    });
  }
  const asked = tasks ?? (format.task ? [format.task] : allTasks);
  const dataset = await reader.open(source, { format, tasks: asked, progress });
  return format.fold && !unfolded ? foldDataset(dataset, format.fold) : dataset;
}

/** Nobody should believe that a file has fewer samples, or noise. */
function refuseMadeSettings(source: string, format: DataFormat): void {
  const strange = madeSettings.find((name) => format[name] !== undefined);
  if (strange === undefined) return;
  const only = strange === 'turns' || strange === 'arms' ? 'spirals' : 'two-moons or spirals';
  throw new LockstepError('usage', {
    where: `data.${strange}`,
    expected: `the source ${only}`,
    got: source,
    hint: strange === 'samples' ? 'data.training takes some of the training samples' : 'remove the setting',
  });
}

/** Opens the data of an experiment, or the same data at another place. */
export function openData(
  experiment: Pick<Experiment, 'data' | 'loss'>,
  { source = experiment.data.source, ...options }: { source?: string } & ReadingOptions = {},
): Promise<Dataset> {
  const { source: _s, from: _f, validation: _v, training: _t, monitor: _m, ...format } = experiment.data;
  return openDataset(source, { ...format, tasks: tasksOf(experiment), ...options });
}

/** How data are read, which changes nothing of what is read. */
export type ReadingOptions = Pick<OpenOptions, 'progress' | 'unfolded'>;
