/** Opens a data set by the user's name for it. */
import { tasks as allTasks, type Task } from '../contracts/task.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { tasksOf } from '../experiment/task-of.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf, namesIn } from '../platform/files.ts';
import { basename, dirname } from '../platform/paths.ts';
import type { Dataset } from './dataset.ts';
import { loadIdxFolder } from './formats/idx.ts';
import { mnistFolder } from './formats/mnist.ts';
import { openArrayDataset } from './open-arrays.ts';
import { openCsv } from './open-csv.ts';
import { openFolder } from './open-folder.ts';
import type { Progress } from './tables/open-table.ts';
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
 * Opens `mnist`, a table or pictures in a CSV file, a folder of pictures or of IDX files, an .npz file.
 *
 * @throws LockstepError `data` that names the bad file, and its line if there is one
 */
export async function openDataset(source: string, options: OpenOptions = {}): Promise<Dataset> {
  checkText('source', source, '`mnist`, or the path of a folder or file');
  const { tasks, progress, unfolded = false, ...format } = options;
  const request = { format, tasks: tasks ?? (format.task ? [format.task] : allTasks), progress };
  const dataset = await openAny(source, request);
  return format.fold && !unfolded ? foldDataset(dataset, format.fold) : dataset;
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

interface Request {
  format: DataFormat;
  tasks: readonly Task[];
  progress: Progress | undefined;
}

async function openAny(source: string, request: Request): Promise<Dataset> {
  if (source === 'mnist') return { ...(await loadIdxFolder(mnistFolder())), name: source };
  if (await isFolder(source)) return openFolder(source, request);
  return /\.np[yz]$/i.test(source) ? openArrayDataset(source, request) : openCsv(source, request);
}

/** Whether a folder has IDX files that begin with the last part of the path. */
async function isFamily(source: string): Promise<boolean> {
  const names = await namesIn(dirname(source));
  const family = basename(source);
  return names.some((name) => name.startsWith(family) && /idx\d-(?:ubyte|int)/.test(name));
}

async function isFolder(source: string): Promise<boolean> {
  const found = await kindOf(source).catch(() => undefined);
  if (found) return found === 'folder';
  // A family of IDX files in a folder: FOLDER/emnist-letters.
  if ((await kindOf(dirname(source)).catch(() => undefined)) === 'folder' && (await isFamily(source)))
    return true;
  throw new LockstepError('data', {
    where: source,
    expected: '`mnist`, a file with a table or pictures, or a folder of pictures',
    got: 'no such file or folder',
  });
}
