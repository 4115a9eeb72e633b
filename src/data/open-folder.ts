/** Opens a folder: of IDX files, of NumPy's arrays, or of pictures. */
import type { Targets } from '../contracts/task.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf, namesIn } from '../platform/files.ts';
import { readable } from './byte-source.ts';
import { columnsOf, type Dataset, type Features, type Samples } from './dataset.ts';
import { loadIdxFolder } from './formats/idx.ts';
import { loadPictureFolder, type PictureSamples } from './formats/picture-folder.ts';
import { openArrayDataset } from './open-arrays.ts';
import type { TableRequest } from './tables/open-table.ts';
import { pickSamples, testShareOf } from './test-split.ts';

/** The share of pictures that becomes the test set if there is no folder for it. */
const usualTestShare = 0.2;

export type FolderKind = 'idx' | 'arrays' | 'pictures';

/** What a folder holds, by the names in it. */
export async function folderKind(folder: string): Promise<FolderKind> {
  // FOLDER/emnist-letters is a family in a folder.
  if ((await kindOf(folder).catch(() => undefined)) !== 'folder') return 'idx';
  const names = await namesIn(folder).catch((error: unknown) => {
    throw readable(error, folder);
  });
  if (names.some((name) => /idx\d-(?:ubyte|int)(?:\.gz)?$/i.test(name))) return 'idx';
  if (names.some((name) => /\.npy$/i.test(name))) return 'arrays';
  return 'pictures';
}

export async function openFolder(folder: string, request: Omit<TableRequest, 'testFile'>): Promise<Dataset> {
  const { format, progress } = request;
  const kind = await folderKind(folder);
  if (kind === 'idx') return loadIdxFolder(folder, format);
  if (kind === 'arrays') return openArrayDataset(folder, request);
  const size = sizeOf(format);
  const read = await loadPictureFolder(folder, {
    ...(size ? { size } : {}),
    ...(progress ? { progress: (done: number, all: number) => progress(folder, done, all) } : {}),
  });
  const features: Features = { kind: 'bytes', shape: read.shape };
  const targets: Targets = { kind: 'classes', count: read.classes.length, names: read.classes };
  const train = samplesOf(read.train);
  const dataset = { name: folder, features, targets, notes: read.notes };
  if (read.test) return { ...dataset, train, test: samplesOf(read.test) };
  const pick = (rows: Uint32Array) => pickSamples(train, rows, columnsOf(features), { features, targets });
  if (format.fold) return { ...dataset, train, test: pick(new Uint32Array(0)) };
  const { held, rest } = testShareOf(train, targets, format.testShare ?? usualTestShare);
  return { ...dataset, train: pick(rest), test: pick(held) };
}

/** `data.size` as height and width. */
export function sizeOf({ size }: DataFormat): { height: number; width: number } | undefined {
  if (size === undefined) return undefined;
  const [height, width] = size.split('x').map(Number) as [number, number];
  if (height > 0 && width > 0) return { height, width };
  throw new LockstepError('usage', { where: 'data.size', expected: 'a size such as 28x28', got: size });
}

function samplesOf({ count, features, labels }: PictureSamples): Samples {
  return { count, features, targets: labels };
}
