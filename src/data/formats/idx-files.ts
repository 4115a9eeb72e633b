/**
 * The names of IDX files, and which of them belong together. Fashion-MNIST and Kuzushiji-MNIST have the same
 * four names as MNIST; EMNIST and QMNIST put a family's name in front: `emnist-letters-train-images-...`.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { shellWord } from '../../foundation/shell-word.ts';
import { kindOf, namesIn } from '../../platform/files.ts';
import { basename, dirname, join } from '../../platform/paths.ts';
import { readable } from '../byte-source.ts';

export type Part = 'train' | 'test';
export type Stem = 'images' | 'labels';

/** Files of one family in one folder. */
export interface IdxFamily {
  folder: string;
  /** What stands before `train-images`; empty for MNIST's own names. */
  prefix: string;
  /** The file for each part and stem that there is. */
  files: ReadonlyMap<`${Part}-${Stem}`, string>;
}

const fileName = /^(?:(.+?)[-._])?(train|test|t10k)[-._](images|labels)([-._]idx\d[-_](ubyte|int))?(\.gz)?$/i;

/** Spellings in the order of preference, where a folder has several. */
const preference = [/-idx\d-\w+$/, /-idx\d-\w+\.gz$/, /\.idx\d-\w+$/, /\.idx\d-\w+\.gz$/];

/** Whether a path is a folder, or a folder and the family in it that is meant: `data/emnist-letters`. */
export async function isIdxPlace(path: string): Promise<boolean> {
  return (await lookUp(path)) === 'folder' || (await familyAt(path)) !== undefined;
}

/**
 * Finds the family of a folder, or of a path such as `FOLDER/emnist-letters`. MNIST's own names come first.
 *
 * @throws LockstepError `data` if there are several
 */
export async function findFamily(path: string): Promise<IdxFamily> {
  const found = await lookUp(path);
  if (found !== 'folder') {
    const family = found ? undefined : await familyAt(path);
    if (family) return family;
    throw new LockstepError('data', {
      where: path,
      expected: 'a folder with the four MNIST files',
      got: found === 'file' ? 'a file' : 'nothing of that name',
      hint: '--data takes a folder of IDX files, or a CSV file',
    });
  }
  const families = await familiesIn(path);
  const [first, second] = families;
  const own = families.find(({ prefix }) => prefix === '');
  if (own || !first || !second) return own ?? first ?? { folder: path, prefix: '', files: new Map() };
  throw new LockstepError('data', {
    where: path,
    expected: 'one family of IDX files',
    got: families.map(({ prefix }) => prefix).join(', '),
    hint: `say which: --data ${shellWord(join(path, first.prefix))}`,
  });
}

async function familyAt(path: string): Promise<IdxFamily | undefined> {
  const folder = dirname(path);
  if ((await lookUp(folder)) !== 'folder') return undefined;
  return (await familiesIn(folder)).find(({ prefix }) => prefix !== '' && prefix === basename(path));
}

/** The families of a folder, sorted by their names. Folders with the names of files are passed over. */
async function familiesIn(folder: string): Promise<IdxFamily[]> {
  const families = new Map<string, Map<`${Part}-${Stem}`, string>>();
  const names = await namesIn(folder).catch((error: unknown) => {
    throw readable(error, folder);
  });
  for (const name of names.sort((a, b) => rank(a) - rank(b))) {
    const [, prefix = '', part, stem] = fileName.exec(name) ?? [];
    if (part === undefined || (await lookUp(join(folder, name))) !== 'file') continue;
    const files = families.get(prefix) ?? new Map<`${Part}-${Stem}`, string>();
    families.set(prefix, files);
    const key = `${/^train/i.test(part) ? 'train' : 'test'}-${stem!.toLowerCase() as Stem}` as const;
    if (!files.has(key)) files.set(key, join(folder, name));
  }
  return [...families]
    .map(([prefix, files]) => ({ folder, prefix, files }))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

function rank(name: string): number {
  const found = preference.findIndex((spelling) => spelling.test(name));
  return found < 0 ? preference.length : found;
}

/** The file of a family for a part. */
export function familyFile({ folder, prefix, files }: IdxFamily, part: Part, stem: Stem): string {
  const found = files.get(`${part}-${stem}`);
  if (found) return found;
  const type = stem === 'images' ? 'idx3-ubyte' : 'idx1-ubyte';
  const start = prefix === '' ? '' : `${prefix}-`;
  const name = `${start}${part === 'test' && prefix === '' ? 't10k' : part}-${stem}`;
  throw new LockstepError('data', {
    where: join(folder, `${name}-${type}`),
    expected: `this file, ${name}-${type}.gz, ${name}.${type} or ${name}.${type}.gz`,
    got: 'none of them',
    hint: 'the folder must hold images and labels of both train and t10k',
  });
}

function lookUp(path: string): ReturnType<typeof kindOf> {
  return kindOf(path).catch((error: unknown) => {
    throw readable(error, path);
  });
}
