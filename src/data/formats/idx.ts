/**
 * Data sets in the IDX format of MNIST and its relatives: four files in a folder, raw or gzip.
 *
 * An IDX file is a header of big-endian 32-bit words (a magic number, then one size per dimension) and then
 * the elements, row-major. Source: Y. LeCun, C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/.
 *
 * The header may be wrong, so its sizes are compared with the file's before anything is allocated.
 * Letters: `count` samples, `height` x `width` pixels of `channels` bytes an image.
 */

import type { Targets } from '../../contracts/task.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { grouped, bytes as inWords } from '../../foundation/format.ts';
import { limits } from '../../foundation/limits.ts';
import { freeMemory } from '../../platform/memory.ts';
import { basename } from '../../platform/paths.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { type ByteSource, damaged, openBytes } from '../byte-source.ts';
import { type Dataset, type Features, largestLabel, type Samples } from '../dataset.ts';
import { familyFile, findFamily, type IdxFamily, type Part, type Stem } from './idx-files.ts';

/** What the elements are, by the magic number's third byte; its fourth is the number of dimensions. */
const elements: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: 'float32',
  14: 'float64',
};

const magics = {
  images: 0x0803,
  colourImages: 0x0804,
  labels: 0x0801,
  /** QMNIST's: eight integers for each sample, and the first is the class. */
  labelRows: 0x0c02,
} as const;

/** Images and their labels, as they stand in the files. */
export interface IdxSamples {
  height: number;
  width: number;
  channels: number;
  count: number;
  /** (count, height, width, channels) */
  images: Uint8Array<SharedArrayBuffer>;
  /** Class of each image. (count) */
  labels: Uint8Array<SharedArrayBuffer>;
}

export interface IdxOptions {
  /** Whether the files hold each image column by column, as EMNIST's do. */
  transpose?: boolean;
}

/** An open IDX file whose header has been read and checked. `read` begins at the first element. */
interface IdxFile extends ByteSource {
  magic: number;
  /** Samples, and then the sizes of one: (count, height, width, channels), or (count, integers a row). */
  sizes: number[];
  /** All bytes of the uncompressed file, header included. */
  totalBytes: number;
  /** The contents that the header promises, for messages. */
  promise: string;
}

/**
 * Loads a folder of IDX files: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with
 * `t10k` or `test` for the test set. Names with a dot before `idx` or with the ending `.gz` are also found,
 * and a family's name may stand in front of all (`emnist-letters-`). If a folder has several families, the
 * path ends with the name of the one that is meant. Images may have any size, labels any value 0-255.
 *
 * @throws LockstepError `data` if a file is missing, damaged, or does not fit the others
 */
export async function readIdx(
  path: string,
  options: IdxOptions = {},
): Promise<{ train: IdxSamples; test: IdxSamples }> {
  const family = await findFamily(path);
  const train = await readPart(family, 'train', options);
  return { train, test: await readPart(family, 'test', options, train) };
}

/** Loads only the test set of such a folder. The training set may be missing. */
export async function readIdxTest(path: string, options: IdxOptions = {}): Promise<IdxSamples> {
  return readPart(await findFamily(path), 'test', options);
}

/** The same as a data set. The classes are 0 to the largest label. */
export async function loadIdxFolder(folder: string, options: IdxOptions = {}): Promise<Dataset> {
  const parts = await readIdx(folder, options);
  const { height, width, channels } = parts.train;
  const [train, test] = [samplesOf(parts.train), samplesOf(parts.test)];
  const features: Features = { kind: 'bytes', shape: [height, width, channels] };
  const targets: Targets = { kind: 'classes', count: largestLabel(train, test) + 1 };
  return { name: folder, features, targets, train, test };
}

export function samplesOf({ count, images, labels }: IdxSamples): Samples {
  return { count, features: images, targets: labels };
}

/** Loads images and labels of the training or test set. `like` is the size that the images must have. */
async function readPart(
  family: IdxFamily,
  part: Part,
  { transpose = false }: IdxOptions,
  like?: IdxSamples,
): Promise<IdxSamples> {
  const imagesFile = familyFile(family, part, 'images');
  const labelsFile = familyFile(family, part, 'labels');
  const images = await openIdx(imagesFile, 'images');
  try {
    const labels = await openIdx(labelsFile, 'labels');
    try {
      const [count = 0, rows = 1, columns = 1, channels = 1] = images.sizes;
      const [height, width] = transpose ? [columns, rows] : [rows, columns];
      if (labels.sizes[0] !== count) {
        throw new LockstepError('data', {
          where: labelsFile,
          expected: `${count} labels, one for each image of ${basename(imagesFile)}`,
          got: `${labels.sizes[0]}`,
        });
      }
      if (like && (height !== like.height || width !== like.width || channels !== like.channels)) {
        throw new LockstepError('data', {
          where: imagesFile,
          expected: `images of ${sizeText(like)} as in the training set`,
          got: sizeText({ height, width, channels }, like.channels),
        });
      }
      const pixels = allocate(images, count * rows * columns * channels);
      await fill(images, pixels);
      if (transpose) transposeImages(pixels, rows, columns, channels);
      return { height, width, channels, count, images: pixels, labels: await readLabels(labels) };
    } finally {
      await labels.close();
    }
  } finally {
    await images.close();
  }
}

/** 28 x 28 pixels, or 32 x 32 x 3; of another number of channels than expected, always with it. */
function sizeText(
  { height, width, channels }: Pick<IdxSamples, 'height' | 'width' | 'channels'>,
  expected?: number,
): string {
  const depth = channels === 1 && (expected ?? 1) === 1 ? '' : ` x ${channels}`;
  return `${height} x ${width}${depth}${expected === undefined ? ' pixels' : ''}`;
}

/** One class a sample. Of labels in rows of integers, the class is the first. */
async function readLabels(source: IdxFile): Promise<Uint8Array<SharedArrayBuffer>> {
  const [count = 0, columns = 1] = source.sizes;
  const labels = allocate(source, count);
  if (source.magic === magics.labels) {
    await fill(source, labels);
    return labels;
  }
  const rows = allocate(source, count * columns * 4);
  await fill(source, rows);
  const view = new DataView(rows.buffer);
  for (let i = 0; i < count; i++) {
    const label = view.getInt32(i * columns * 4);
    if (label < 0 || label > 255) {
      const complaint = { where: source.file, expected: 'labels from 0 to 255', got: `${label}` };
      throw new LockstepError('data', complaint);
    }
    labels[i] = label;
  }
  return labels;
}

/** Turns images of `rows` x `columns` into images of `columns` x `rows`, in place. */
function transposeImages(pixels: Uint8Array, rows: number, columns: number, channels: number): void {
  const bytes = rows * columns * channels;
  const turned = new Uint8Array(bytes);
  for (let first = 0; first < pixels.length; first += bytes) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [from, to] = [row * columns + column, column * rows + row];
        for (let channel = 0; channel < channels; channel++) {
          turned[to * channels + channel] = pixels[first + from * channels + channel]!;
        }
      }
    }
    pixels.set(turned, first);
  }
}

/** Bytes that are taken without asking whether the memory has them. */
const modest = 64_000_000;

function allocate({ file, promise }: IdxFile, bytes: number): Uint8Array<SharedArrayBuffer> {
  const free = bytes > modest ? freeMemory() : modest;
  if (bytes > free) {
    const got = `${promise}, which need ${grouped(bytes)} bytes`;
    throw new LockstepError('data', {
      where: file,
      expected: `data that fit into ${inWords(free)} of free memory`,
      got,
    });
  }
  try {
    return new Uint8Array(allocateShared(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const complaint = { where: file, expected: 'images that fit into memory', got: promise };
    throw new LockstepError('data', complaint, { cause: error });
  }
}

async function openIdx(file: string, stem: Stem): Promise<IdxFile> {
  const source = await openBytes(file);
  try {
    return { ...source, ...(await readHeader(source, stem)) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function readHeader(source: ByteSource, stem: Stem) {
  const { file, compressed, storedBytes } = source;
  const complain = (expected: string, got: string, hint?: string) =>
    new LockstepError('data', { where: file, expected, got, ...(hint ? { hint } : {}) });

  const usual = magics[stem];
  const first = new Uint8Array(4);
  const firstBytes = await source.read(first);
  // If a file is too short for its magic number, the message says that it is too short.
  const magic = firstBytes < 4 ? usual : viewOf(first).getUint32(0);
  const accepted = stem === 'images' ? [usual, magics.colourImages] : [usual, magics.labelRows];
  if (!accepted.includes(magic as never)) {
    const hint = elements[magic >> 8] && magic >> 8 !== 8 ? 'write them as bytes, 0 to 255' : undefined;
    throw complain(`magic number ${hex(usual)} of IDX ${stem}`, hex(magic) + strangeMagic(magic), hint);
  }

  const dimensions = magic & 0xff;
  const words = new Uint8Array(4 * dimensions);
  const headerBytes = firstBytes + (await source.read(words));
  if (headerBytes < 4 + words.length) {
    throw complain(`a header of ${4 + words.length} bytes`, `${headerBytes} bytes`, damaged);
  }
  const sizes = Array.from({ length: dimensions }, (_, i) => viewOf(words).getUint32(4 * i));
  const [count = 0, height = 1, width = 1, channels = 1] = sizes;
  if (count === 0) throw complain('at least 1 sample', '0');
  if (stem === 'images' && (height === 0 || width === 0)) {
    throw complain('images of at least 1 x 1 pixels', `${height} x ${width}`);
  }
  if (channels === 0 || channels > limits.idxChannels) {
    const hint = 'sizes are count, height, width, channels';
    throw complain(`1 to ${limits.idxChannels} channels`, `${channels}`, hint);
  }
  if (stem === 'labels' && height === 0) throw complain('labels of at least 1 integer', '0');

  const promise =
    stem === 'images' ? `${count} images of ${sizeText({ height, width, channels })}` : `${count} labels`;
  const elementBytes = magic === magics.labelRows ? 4 : 1;
  const totalBytes = headerBytes + count * height * width * channels * elementBytes;
  if (!compressed && storedBytes !== totalBytes) {
    throw complain(`${totalBytes} bytes for ${promise}`, `${storedBytes}`, damaged);
  }
  if (compressed && totalBytes > limits.deflateRatio * storedBytes) {
    const least = Math.ceil(totalBytes / limits.deflateRatio);
    throw complain(`at least ${least} bytes of gzip for ${promise}`, `${storedBytes}`, damaged);
  }
  return { magic, sizes, totalBytes, promise };
}

/** What another magic number is of, to be said behind it. */
function strangeMagic(magic: number): string {
  if (magic === magics.images || magic === magics.colourImages) return ' of IDX images';
  if (magic === magics.labels || magic === magics.labelRows) return ' of IDX labels';
  const type = elements[magic >> 8];
  return type === undefined ? '' : ` of IDX ${type} in ${magic & 0xff} dimensions`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads all elements of an open file into `target`, which has exactly their size. */
async function fill(source: IdxFile, target: Uint8Array): Promise<void> {
  const { file, totalBytes, promise } = source;
  const missing = target.length - (await source.read(target));
  // Asking for one byte more finds surplus bytes, and makes gzip compare its checksum.
  const tooMany = missing === 0 && (await source.read(new Uint8Array(1))) > 0;
  if (missing === 0 && !tooMany) return;
  throw new LockstepError('data', {
    where: file,
    expected: `${totalBytes} bytes for ${promise}`,
    got: tooMany ? 'more' : `${totalBytes - missing}`,
    hint: damaged,
  });
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}
