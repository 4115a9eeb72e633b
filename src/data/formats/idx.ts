/**
 * Data sets in the IDX format of MNIST: four files in a folder, raw or compressed with gzip.
 *
 * An IDX file is a header of big-endian 32-bit words (a magic number, then one size per dimension) and then
 * the bytes, row-major. Source: Y. LeCun, C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/.
 *
 * The header may be wrong, so its sizes are compared with the file's before anything is allocated.
 * Letters: `count` samples, `height` x `width` pixels an image.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { kindOf } from '../../platform/files.ts';
import { basename, join } from '../../platform/paths.ts';
import { type ByteSource, damaged, openBytes, readable } from '../byte-source.ts';
import { allocateImages, type Dataset, greyPictures, type Samples } from '../dataset.ts';

/** The two kinds of file. The magic number's third byte means unsigned bytes, the last is the dimensions. */
const kinds = {
  images: { stem: 'images', type: 'idx3-ubyte', magic: 0x0803, dimensions: 3 },
  labels: { stem: 'labels', type: 'idx1-ubyte', magic: 0x0801, dimensions: 1 },
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];
type Part = 'train' | 't10k';

/** Deflate stores at most 258 bytes in 2 bits: no gzip file unpacks to more than 1032 times its size. */
const deflateLimit = 1032;

/** An open IDX file whose header has been read and checked. `read` begins at the first sample. */
interface IdxFile extends ByteSource {
  count: number;
  height: number;
  width: number;
  /** All bytes of the uncompressed file, header included. */
  totalBytes: number;
  /** The contents that the header promises, for messages. */
  promise: string;
}

/**
 * Loads a folder of IDX files: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with
 * `t10k` for the test set. Names with a dot before `idx` or with the ending `.gz` are also found. Images may
 * have any size, labels any value 0-255.
 *
 * @throws LockstepError `data` if a file is missing, damaged, or does not fit the others
 */
export async function loadIdxFolder(folder: string): Promise<Dataset> {
  await checkFolder(folder);
  const { height, width, samples: train } = await loadPart(folder, 'train');
  const { samples: test } = await loadPart(folder, 't10k', { height, width });
  return greyPictures(folder, { height, width }, train, test);
}

/** Loads only the test set of such a folder. The training set may be missing. */
export async function loadIdxTest(
  folder: string,
): Promise<{ height: number; width: number; samples: Samples }> {
  await checkFolder(folder);
  return loadPart(folder, 't10k');
}

async function checkFolder(folder: string): Promise<void> {
  const found = await lookUp(folder);
  if (found === 'folder') return;
  throw new LockstepError('data', {
    where: folder,
    expected: 'a folder with the four MNIST files',
    got: found === 'file' ? 'a file' : 'nothing of that name',
    hint: '--data takes a folder of IDX files, or a CSV file',
  });
}

/** The path of one of the four files, in any of its spellings. */
async function find(folder: string, part: Part, kind: Kind): Promise<string> {
  const spellings = ['-', '.'].flatMap((mark) => {
    const name = `${part}-${kind.stem}${mark}${kind.type}`;
    return [name, `${name}.gz`];
  });
  for (const name of spellings) {
    // Folders of that name are skipped: some archives put each file into one.
    if ((await lookUp(join(folder, name))) === 'file') return join(folder, name);
  }
  throw new LockstepError('data', {
    where: join(folder, spellings[0]!),
    expected: `this file, ${spellings.slice(1, -1).join(', ')} or ${spellings.at(-1)}`,
    got: 'none of them',
    hint: 'the folder must hold images and labels of both train and t10k',
  });
}

function lookUp(path: string): ReturnType<typeof kindOf> {
  return kindOf(path).catch((error: unknown) => {
    throw readable(error, path);
  });
}

/** Loads images and labels of the training or test set. `like` is the size that the images must have. */
async function loadPart(folder: string, part: Part, like?: { height: number; width: number }) {
  const imagesFile = await find(folder, part, kinds.images);
  const labelsFile = await find(folder, part, kinds.labels);
  const images = await openIdx(imagesFile, kinds.images);
  try {
    const labels = await openIdx(labelsFile, kinds.labels);
    try {
      const { count, height, width } = images;
      if (labels.count !== count) {
        throw new LockstepError('data', {
          where: labelsFile,
          expected: `${count} labels, one for each image of ${basename(imagesFile)}`,
          got: `${labels.count}`,
        });
      }
      if (like && (height !== like.height || width !== like.width)) {
        throw new LockstepError('data', {
          where: imagesFile,
          expected: `images of ${like.height} x ${like.width} pixels as in the training set`,
          got: `${height} x ${width}`,
        });
      }
      const samples = allocate(images);
      await fill(images, samples.features as Uint8Array);
      await fill(labels, samples.targets as Uint8Array);
      return { height, width, samples };
    } finally {
      await labels.close();
    }
  } finally {
    await images.close();
  }
}

function allocate({ file, count, height, width, promise }: IdxFile): Samples {
  try {
    return allocateImages(count, height * width);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const complaint = { where: file, expected: 'images that fit into memory', got: promise };
    throw new LockstepError('data', complaint, { cause: error });
  }
}

async function openIdx(file: string, kind: Kind): Promise<IdxFile> {
  const source = await openBytes(file);
  try {
    return { ...source, ...(await readHeader(source, kind)) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function readHeader(source: ByteSource, kind: Kind) {
  const { file, compressed, storedBytes } = source;
  const complain = (expected: string, got: string, hint?: string) =>
    new LockstepError('data', { where: file, expected, got, ...(hint ? { hint } : {}) });

  const header = Buffer.alloc(4 + 4 * kind.dimensions);
  const headerBytes = await source.read(header);
  // If a file is too short for its magic number, the message says that it is too short.
  const magic = headerBytes >= 4 ? header.readUInt32BE(0) : kind.magic;
  if (magic !== kind.magic) {
    const other = Object.values(kinds).find((candidate) => candidate.magic === magic);
    const expected = `magic number ${hex(kind.magic)} of IDX ${kind.stem}`;
    throw complain(expected, hex(magic) + (other ? ` of IDX ${other.stem}` : ''));
  }
  if (headerBytes < header.length) {
    throw complain(`a header of ${header.length} bytes`, `${headerBytes} bytes`, damaged);
  }

  const count = header.readUInt32BE(4);
  const [height, width] = kind.dimensions === 3 ? [header.readUInt32BE(8), header.readUInt32BE(12)] : [1, 1];
  if (count === 0) throw complain('at least 1 sample', '0');
  if (height === 0 || width === 0) {
    throw complain('images of at least 1 x 1 pixels', `${height} x ${width}`);
  }

  const promise =
    kind.dimensions === 3 ? `${count} images of ${height} x ${width} pixels` : `${count} labels`;
  const totalBytes = header.length + count * height * width;
  if (!compressed && storedBytes !== totalBytes) {
    throw complain(`${totalBytes} bytes for ${promise}`, `${storedBytes}`, damaged);
  }
  if (compressed && totalBytes > deflateLimit * storedBytes) {
    const least = Math.ceil(totalBytes / deflateLimit);
    throw complain(`at least ${least} bytes of gzip for ${promise}`, `${storedBytes}`, damaged);
  }
  return { count, height, width, totalBytes, promise };
}

/** Reads all samples of an open file into `target`, which has exactly their size. */
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
