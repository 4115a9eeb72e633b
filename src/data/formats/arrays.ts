/**
 * Which of several arrays are samples and which are targets, told by the names that people give them:
 * `x_train` and `y_train`, `train_images` and `train_labels`, `X` and `y`, and the like.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { kindOf, namesIn } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { readable } from '../byte-source.ts';
import type { NpyArray } from './npy.ts';
import { type NamedArrays, openArrays } from './npz.ts';

/** An array with the place where it was found, for messages. */
export interface PlacedArray extends NpyArray {
  name: string;
  where: string;
}

/** Arrays with as many rows as each other: the first of their sizes. */
export interface ArrayPart {
  features: PlacedArray;
  /** Undefined if there is none, as in a file to predict. */
  targets: PlacedArray | undefined;
}

export interface ArraySet {
  source: string;
  /** What is trained on, or all there is. */
  train: ArrayPart;
  test: ArrayPart | undefined;
  /** Names of arrays that nothing is done with. */
  unused: string[];
}

const featureNames = ['x', 'images', 'imgs', 'data', 'features', 'inputs'];
const targetNames = ['y', 'labels', 'label', 'targets', 'target'];
const trainNames = ['train', 'training'];
const testNames = ['test', 'testing'];

/**
 * Reads the arrays of an `.npz` or `.npy` file, or of a folder of `.npy` files. Upper and lower case are the
 * same. `arr_0` and `arr_1`, numpy.savez's own names, are samples and targets, and an array alone is samples.
 *
 * @param targets whether there must be targets
 * @throws LockstepError `data` that gives the names found if one is missing
 */
export async function readArrays(
  path: string,
  { targets, memory }: { targets: 'needed' | 'optional'; memory?: number },
): Promise<ArraySet> {
  const arrays = await openPath(path, memory);
  const train = findPair(arrays, trainNames) ?? findPair(arrays, undefined);
  const test = findPair(arrays, testNames);
  const main = train ?? (test ? (targets === 'optional' ? test : undefined) : lonePair(arrays));
  if (!main) throw missing(arrays, 'samples and targets, such as x_train and y_train, or X and y');
  if (targets === 'needed' && main.targets === undefined) {
    throw missing(arrays, `targets beside ${main.features}, such as ${partner(main.features)}`);
  }
  if (targets === 'needed' && test && test.targets === undefined) {
    throw missing(arrays, `targets beside ${test.features}, such as ${partner(test.features)}`);
  }
  const used = [main, test].flatMap((pair) => (pair ? [pair.features, pair.targets] : []));
  return {
    source: path,
    train: await readPart(arrays, main),
    test: test && test !== main ? await readPart(arrays, test) : undefined,
    unused: arrays.names.filter((name) => !used.includes(name)),
  };
}

async function openPath(path: string, memory?: number): Promise<NamedArrays> {
  const found = await kindOf(path).catch((error: unknown) => {
    throw readable(error, path);
  });
  if (found !== 'folder') return openArrays(path, memory);
  const files = (await namesIn(path)).filter((name) => /\.npy$/i.test(name));
  const where = (name: string) => join(path, files.find((file) => file.replace(/\.npy$/i, '') === name)!);
  return {
    source: path,
    names: files.map((file) => file.replace(/\.npy$/i, '')),
    where,
    read: async (name) => {
      const { names, read } = await openArrays(where(name), memory);
      return read(names[0]!);
    },
  };
}

interface Pair {
  features: string;
  targets: string | undefined;
}

/** Samples and targets of a part: `x_train`, `train_x`, `xtrain`, or without a part `x`. */
function findPair({ names }: NamedArrays, parts: readonly string[] | undefined): Pair | undefined {
  const find = (what: readonly string[]) => {
    const spellings = what.flatMap((name) =>
      parts ? parts.flatMap((part) => [`${name}${part}`, `${part}${name}`]) : [name],
    );
    return names.find((name) => spellings.includes(plain(name)));
  };
  const features = find(featureNames);
  return features === undefined ? undefined : { features, targets: find(targetNames) };
}

/** numpy.savez's own names, or an array alone. */
function lonePair({ names }: NamedArrays): Pair | undefined {
  if (names.includes('arr_0')) {
    return { features: 'arr_0', targets: names.includes('arr_1') ? 'arr_1' : undefined };
  }
  return names.length === 1 ? { features: names[0]!, targets: undefined } : undefined;
}

/** A name without case and separators. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, '');
}

/** The name that the targets of these samples would have. */
function partner(features: string): string {
  const name = featureNames.find((known) => plain(features).includes(known)) ?? features;
  const target = targetNames[name === 'x' ? 0 : 1]!;
  const at = features.toLowerCase().indexOf(name);
  return at < 0 || name === features
    ? target
    : features.slice(0, at) + target + features.slice(at + name.length);
}

async function readPart(arrays: NamedArrays, { features, targets }: Pair): Promise<ArrayPart> {
  const place = async (name: string) => ({ name, where: arrays.where(name), ...(await arrays.read(name)) });
  const part: ArrayPart = {
    features: await place(features),
    targets: targets === undefined ? undefined : await place(targets),
  };
  const [rows = 0] = part.features.shape;
  if (part.features.shape.length === 0 || rows === 0) {
    throw new LockstepError('data', {
      where: part.features.where,
      expected: 'an array with at least one row',
      got: `shape (${part.features.shape.join(', ')})`,
    });
  }
  if (part.targets && part.targets.shape[0] !== rows) {
    throw new LockstepError('data', {
      where: part.targets.where,
      expected: `${rows} targets, one for each row of ${features}`,
      got: `shape (${part.targets.shape.join(', ')})`,
    });
  }
  return part;
}

function missing({ source, names }: NamedArrays, expected: string): LockstepError {
  const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? ', ...' : '');
  const got = names.length > 0 ? `only ${shown}` : 'no arrays';
  return new LockstepError('data', { where: source, expected: `arrays of ${expected}`, got });
}
