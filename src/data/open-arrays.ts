/** Opens arrays of NumPy, in an .npz file or a folder of .npy files: pictures or rows of numbers. */
import { type Targets, targetWidth } from '../contracts/task.ts';
import { LockstepError } from '../foundation/errors.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import { allocateTargets, columnsOf, type Dataset, type Features, type Samples } from './dataset.ts';
import { type ArrayPart, type ArraySet, type PlacedArray, readArrays } from './formats/arrays.ts';
import type { GivenSamples, Reader, ReadRequest, SampleRequest } from './reader.ts';
import { pictureShape } from './tables/pixel-table.ts';
import { type TargetColumn, targetReader, targetsFor } from './tables/targets.ts';
import { withTestSet } from './test-split.ts';
import { byteOf, largestOf, whiteOf, whiteText } from './white.ts';

/** The share that becomes the test set if there are no arrays for it. */
const usualTestShare = 0.2;

export const arrays: Reader = {
  owns: ({ path, kind, names }) =>
    kind === 'folder'
      ? names.some((name) => /\.npy$/i.test(name))
      : kind === 'file' && /\.np[yz]$/i.test(path),
  open: openArrays,
  samples: givenArrays,
};

/**
 * Opens the arrays of a file or folder. Arrays of three or four dimensions are pictures, (count, height,
 * width) or with channels; bytes of two dimensions are square pictures; other arrays of two dimensions are
 * tables.
 *
 * @throws LockstepError `data` that names the array
 */
async function openArrays(path: string, { format, tasks }: ReadRequest): Promise<Dataset> {
  const read = await readArrays(path, { targets: 'needed' });
  const set = tasks.includes('classes') ? withoutOneHot(read) : read;
  const { train, test } = set;
  const notes = set.unused.length > 0 ? [`not used: ${set.unused.join(', ')}`] : [];
  if (set !== read)
    notes.push(`${read.train.targets!.name} has one column for each class: taken for classes`);
  const columns = targetColumnsOf(set);
  const targets = targetsFor(path, columns, tasks);
  const layout = layoutOf(path, train.features, format);
  if (layout.channelsFirst) notes.push('pictures with channels first: turned to channels last');
  const largest = layout.pictures ? largestOf(train.features.values) : 0;
  const white = layout.pictures ? whiteOf(train.features.where, largest, format.white) : 255;
  const text = whiteText(white);
  if (text) notes.push(text);
  const features = featuresOf(layout, white);
  // Said here, where the array and its row are known.
  const whole = (format.missing ?? 'refuse') === 'refuse';
  const samples = (part: ArrayPart) => samplesOf(part, features, layout, targets, columns, white, whole);
  const dataset = { name: path, features, targets, notes, train: samples(train) };
  if (!test) return withTestSet(dataset, format, usualTestShare);
  checkAlike(train.features, test.features);
  return { ...dataset, test: samples(test) };
}

/** One-hot targets as the numbers of their classes; the set itself if some are not one-hot. */
function withoutOneHot(set: ArraySet): ArraySet {
  const parts = [set.train, ...(set.test ? [set.test] : [])];
  if (!parts.every(({ targets }) => isOneHot(targets!))) return set;
  const turned = (part: ArrayPart): ArrayPart => {
    const { shape, values, ...rest } = part.targets!;
    const [count = 0, width = 1] = shape;
    const labels = Float64Array.from({ length: count }, (_, i) => {
      for (let c = 0; c < width; c++) if (values[i * width + c] === 1) return c;
      return 0;
    });
    return { ...part, targets: { ...rest, shape: [count], values: labels } };
  };
  return { ...set, train: turned(set.train), test: set.test && turned(set.test) };
}

/** Several columns of 0 and 1, with a single 1 in each row. */
function isOneHot({ shape, values }: PlacedArray): boolean {
  const [count = 0, width = 1] = shape;
  if (shape.length !== 2 || width < 2) return false;
  for (let i = 0; i < count; i++) {
    let ones = 0;
    for (let c = 0; c < width; c++) {
      const value = values[i * width + c];
      if (value === 1) ones++;
      else if (value !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

/** What the samples of an array are. */
interface ArrayLayout {
  pictures: boolean;
  /** Of pictures (height, width, channels), of rows (columns). */
  shape: readonly number[];
  channelsFirst: boolean;
}

function layoutOf(
  path: string,
  { shape, dtype, where }: PlacedArray,
  format: ReadRequest['format'],
): ArrayLayout {
  const [, a = 1, b = 1, c = 1] = shape;
  if (shape.length === 3) return { pictures: true, shape: [a, b, 1], channelsFirst: false };
  if (shape.length === 4) {
    const first = (a === 1 || a === 3) && c !== 1 && c !== 3;
    const channels = first ? a : c;
    if (channels === 1 || channels === 3) {
      return { pictures: true, shape: first ? [b, c, a] : [a, b, c], channelsFirst: first };
    }
  }
  if (shape.length === 2) {
    const pictures = format.shape !== undefined || (dtype.endsWith('u1') && !format.preparation);
    if (pictures) return { pictures, shape: pictureShape(path, a, format.shape), channelsFirst: false };
    return { pictures: false, shape: [a], channelsFirst: false };
  }
  throw new LockstepError('data', {
    where,
    expected: 'shape (count, columns), (count, height, width) or (count, height, width, 1 or 3)',
    got: `(${shape.join(', ')})`,
  });
}

function featuresOf({ pictures, shape }: ArrayLayout, white: number): Features {
  if (pictures) {
    const [height, width, channels] = shape as [number, number, number];
    const sizes = [height, width, channels] as const;
    return white === 255 ? { kind: 'bytes', shape: sizes } : { kind: 'bytes', shape: sizes, white };
  }
  const columns = Array.from(
    { length: shape[0]! },
    (_, c) => ({ kind: 'number', name: `column ${c + 1}` }) as const,
  );
  return { kind: 'floats', shape: [columns.length], columns };
}

function checkAlike(train: PlacedArray, test: PlacedArray): void {
  const [expected, got] = [train, test].map(({ shape }) => shape.slice(1).join(', '));
  if (expected === got) return;
  throw new LockstepError('data', {
    where: test.where,
    expected: `samples of (${expected}), as ${train.name}`,
    got: `(${got})`,
  });
}

/** The columns of the targets, of both parts together. */
function targetColumnsOf({ train, test }: ArraySet): TargetColumn[] {
  const parts = [train.targets!, ...(test ? [test.targets!] : [])];
  const width = widthOf(parts[0]!);
  for (const part of parts) {
    if (widthOf(part) !== width) {
      throw new LockstepError('data', {
        where: part.where,
        expected: `${width} targets a sample`,
        got: String(widthOf(part)),
      });
    }
  }
  return Array.from({ length: width }, (_, c) => {
    const values = new Set<number>();
    for (const { values: cells, where } of parts) {
      for (let i = c; i < cells.length; i += width) {
        if (!Number.isFinite(cells[i])) {
          throw new LockstepError('data', {
            where,
            expected: 'finite targets',
            got: `${cells[i]} for sample ${Math.floor(i / width) + 1}`,
          });
        }
        values.add(cells[i]!);
      }
    }
    const name = width === 1 ? 'y' : `y ${c + 1}`;
    return { name, kind: 'number' as const, words: [], distinct: [...values].sort((a, b) => a - b) };
  });
}

function widthOf({ shape, where }: PlacedArray): number {
  if (shape.length === 1) return 1;
  if (shape.length === 2) return shape[1]!;
  throw new LockstepError('data', {
    where,
    expected: 'targets of shape (count) or (count, columns)',
    got: `(${shape.join(', ')})`,
  });
}

function samplesOf(
  { features: array, targets: asked }: ArrayPart,
  features: Features,
  layout: ArrayLayout,
  targets: Targets,
  columns: readonly TargetColumn[],
  white: number,
  whole = false,
): Samples {
  const count = array.shape[0]!;
  const rows =
    features.kind === 'bytes'
      ? bytesOf(array, layout, white)
      : floatsOf(array, columnsOf(features) * count, whole, columnsOf(features));
  const width = targetWidth(targets);
  const read = targetReader(targets, columns);
  const labels = allocateTargets(count, targets);
  if (asked) {
    for (let i = 0; i < labels.length; i++) {
      const value = read(i % width, asked.values[i]!);
      if (Number.isNaN(value)) throw unknownTarget(asked, targets, i);
      labels[i] = value;
    }
  }
  return { count, features: rows, targets: labels };
}

function bytesOf(
  { values, where, shape }: PlacedArray,
  { shape: sizes, channelsFirst }: ArrayLayout,
  white: number,
) {
  const bytes = new Uint8Array(allocateShared(values.length));
  const [height, width, channels] = sizes as [number, number, number];
  const plane = height * width;
  for (let i = 0; i < values.length; i++) {
    const pixel = byteOf(values[i]!, white);
    if (!(pixel >= 0 && pixel <= 255)) {
      throw new LockstepError('data', {
        where,
        expected: `pixels of 0 to ${white}`,
        got: `${values[i]} in picture ${Math.floor(i / (plane * channels)) + 1}`,
        hint: 'scale them to 0 to 1, or save them as (count, columns): a table of any numbers',
      });
    }
    const [sample, inside] = [Math.floor(i / (plane * channels)), i % (plane * channels)];
    const at = channelsFirst ? (inside % plane) * channels + Math.floor(inside / plane) : inside;
    bytes[sample * plane * channels + at] = pixel;
  }
  if (shape[0]! * plane * channels !== values.length)
    throw new TypeError(`${where}: expected whole pictures`);
  return bytes;
}

function floatsOf({ values, where }: PlacedArray, size: number, whole: boolean, columns: number) {
  const floats = new Float64Array(allocateShared(8 * size));
  for (let i = 0; i < size; i++) {
    const value = values[i]!;
    if (whole && Number.isNaN(value)) {
      throw new LockstepError('data', {
        where: `${where}, row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`,
        expected: 'a number',
        got: 'NaN',
        hint: 'say what stands for it: data.missing: mean',
      });
    }
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new LockstepError('data', { where, expected: 'finite numbers', got: String(value) });
    }
    floats[i] = value;
  }
  return floats;
}

async function givenArrays(path: string, { signature, wanted }: SampleRequest): Promise<GivenSamples> {
  const { samples, labelled, part } = await arraySamples(path, signature, wanted === 'test');
  return {
    name: `${part === 'test' ? 'test samples' : 'samples'} of ${path}`,
    features: signature.features,
    samples,
    labelled,
    id: undefined,
    everySample: part !== 'test',
    notes: [],
  };
}

/**
 * The test arrays of a file or folder, or all there are, for a network.
 *
 * @param needed whether there must be targets
 * @throws LockstepError `data` if they do not fit the network
 */
async function arraySamples(
  path: string,
  { features, targets }: Pick<Dataset, 'features' | 'targets'>,
  needed: boolean,
): Promise<{ samples: Samples; labelled: boolean; part: 'test' | 'all' }> {
  const read = await readArrays(path, { targets: needed ? 'needed' : 'optional' });
  const labelled = (read.test ?? read.train).targets !== undefined;
  const set = labelled && targets.kind === 'classes' && read.train.targets ? withoutOneHot(read) : read;
  const part = set.test ?? set.train;
  const layout = layoutOf(path, part.features, features.kind === 'floats' ? { preparation: 'none' } : {});
  const found = featuresOf(layout, 255);
  if (found.kind !== features.kind || columnsOf(found) !== columnsOf(features)) {
    throw new LockstepError('data', {
      where: part.features.where,
      expected: `samples of (${features.shape.join(', ')}), as the network was trained on`,
      got: `(${found.shape.join(', ')})`,
    });
  }
  const white = features.kind === 'bytes' ? (features.white ?? 255) : 255;
  const width = targetWidth(targets);
  const columns = Array.from({ length: width }, (_, c) => ({
    name: `y ${c + 1}`,
    kind: 'number' as const,
    words: [],
    distinct: [],
  }));
  const samples = samplesOf(part, features, layout, targets, columns, white);
  return { samples, labelled, part: set.test ? 'test' : 'all' };
}

function unknownTarget({ where, values }: PlacedArray, targets: Targets, at: number): LockstepError {
  const known =
    targets.kind === 'classes' ? `one of the ${targets.count} classes of the network` : 'a number';
  return new LockstepError('data', {
    where,
    expected: known,
    got: `${values[at]} for sample ${Math.floor(at / targetWidth(targets)) + 1}`,
  });
}
