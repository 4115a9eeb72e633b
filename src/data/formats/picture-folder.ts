/**
 * Reads a folder of pictures into samples: a folder for each class, with or without train and test above.
 *
 * First the headers are read, so that all is checked and the samples are allocated once; then the pictures,
 * one after the other.
 */
import { LockstepError } from '../../foundation/errors.ts';
import { breathe } from '../../platform/breath.ts';
import { readStart } from '../../platform/files.ts';
import { freeMemory } from '../../platform/memory.ts';
import { join } from '../../platform/paths.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { flatten, isGrey, isTransparent } from '../pictures/flatten.ts';
import type { PictureHeader, Shape } from '../pictures/picture.ts';
import { decodePicture, headerOf, pictureBytes } from '../pictures/read.ts';
import { resizePixels } from '../pictures/resize.ts';
import { changesOf, type Listed } from './picture-changes.ts';
import { type ListedPart, listPictures, type PictureListing } from './picture-listing.ts';

/** Labelled pictures of one part. Both arrays are views of shared memory. */
export interface PictureSamples {
  count: number;
  /** Row-major, all channels of a pixel together, 0-255. (count, height, width, channels) */
  features: Uint8Array<SharedArrayBuffer>;
  /** Index of each picture's class. (count) */
  labels: Uint8Array<SharedArrayBuffer> | Uint16Array<SharedArrayBuffer>;
  /** Path of each picture within the folder, with `/` on every system. */
  files: string[];
}

export interface PictureFolder {
  shape: [height: number, width: number, channels: number];
  /** Names of the classes, those of their folders. */
  classes: string[];
  train: PictureSamples;
  test?: PictureSamples;
  /** What was left out, taken for something or changed, a line each. */
  notes: string[];
}

export interface PictureFolderOptions {
  /** All pictures are brought to this size. Undefined: they must have one size. */
  size?: Shape | undefined;
  /** 1 for grey levels, 3 for colours. Undefined: 1 if all pictures are grey, otherwise 3. */
  channels?: 1 | 3 | undefined;
  /** The classes that a network knows, in its order. Undefined: those of the folders. */
  classes?: readonly string[] | undefined;
  /** Called now and then: so many of all pictures are read. */
  progress?: (done: number, all: number) => void;
}

/** Bytes in which most files have their header. */
const startBytes = 65_536;
/** Files that are read at a time. */
const atOnce = 16;
/** A size that suits a network of dense layers, for hints. */
const largestHint = 96;

/** Reads a folder of pictures. Throws a LockstepError `data` that names the file or folder. */
export async function loadPictureFolder(
  root: string,
  options: PictureFolderOptions = {},
): Promise<PictureFolder> {
  const listing = await listPictures(root);
  const { train, test } = listing;
  const { parts, ...rest } = await readParts(root, listing, test ? [train, test] : [train], options);
  return { ...rest, train: parts[0]!, ...(test ? { test: parts[1]! } : {}) };
}

/** Reads the test pictures of a folder, or all of its pictures if there is no test folder. */
export async function loadPictureTest(
  root: string,
  options: PictureFolderOptions = {},
): Promise<Omit<PictureFolder, 'train' | 'test'> & { samples: PictureSamples }> {
  const listing = await listPictures(root);
  const { parts, ...rest } = await readParts(root, listing, [listing.test ?? listing.train], options);
  return { ...rest, samples: parts[0]! };
}

async function readParts(
  root: string,
  listing: PictureListing,
  listed: readonly ListedPart[],
  options: PictureFolderOptions,
) {
  const classes = [...(options.classes ?? listing.classes)];
  const indices = new Map(classes.map((name, index) => [name.normalize('NFC'), index]));
  const parts: Listed[][] = [];
  for (const { files } of listed) {
    const labels = files.map(
      ({ name, path }) => indices.get(name) ?? unknownClass(root, path, name, classes),
    );
    parts.push(await readHeaders(root, files, labels));
  }
  const all = parts.flat();
  const size = options.size ?? sizeOf(root, all);
  const coloured = options.channels ? undefined : await anyColour(root, all);
  const channels = options.channels ?? (coloured ? 3 : 1);
  const counts = { transparent: 0, done: 0 };
  const samples: PictureSamples[] = [];
  checkRoom(root, all.length, size, channels);
  for (const part of parts) {
    samples.push(
      await readPart(root, part, size, channels, classes.length, counts, () =>
        options.progress?.(counts.done, all.length),
      ),
    );
  }
  return {
    shape: [size.height, size.width, channels] as [number, number, number],
    classes,
    parts: samples,
    notes: [...listing.notes, ...changesOf(all, size, channels, coloured, counts.transparent)],
  };
}

function unknownClass(root: string, path: string, name: string, classes: readonly string[]): never {
  const some = classes.slice(0, 8).join(', ') + (classes.length > 8 ? ', ...' : '');
  throw bad(join(root, path), `a class that the network knows: ${some}`, name);
}

async function readHeaders(
  root: string,
  files: ListedPart['files'],
  labels: readonly number[],
): Promise<Listed[]> {
  const listed: Listed[] = [];
  const errors: LockstepError[] = [];
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce);
    const headers = await Promise.all(
      some.map(({ path }) =>
        headerOfFile(join(root, path)).catch((error: unknown) => {
          if (error instanceof LockstepError) return error;
          throw error;
        }),
      ),
    );
    for (const [i, header] of headers.entries()) {
      if (header instanceof LockstepError) errors.push(header);
      else listed.push({ path: some[i]!.path, label: labels[first + i]!, header });
    }
  }
  refuse(errors, files.length);
  return listed;
}

async function headerOfFile(file: string): Promise<PictureHeader> {
  const start = await readStart(file, startBytes).catch((error: NodeJS.ErrnoException) => {
    throw bad(file, 'a readable file', `${error.code}`);
  });
  const header = headerOf(start, file) ?? headerOf(await pictureBytes(file), file);
  if (header) return header;
  throw bad(file, 'a JPEG image', 'a damaged one (it ends before its pixels)');
}

/** One line for all pictures that cannot be read. */
function refuse(errors: readonly LockstepError[], count: number): void {
  if (errors.length === 0) return;
  const more = errors.length > 1 ? `; ${errors.length - 1} more of ${count} cannot be read` : '';
  throw new LockstepError('data', `${errors[0]!.message}${more}`);
}

/** The one size of all pictures. */
function sizeOf(root: string, all: readonly Listed[]): Shape {
  const [first] = all as [Listed, ...Listed[]];
  const { height, width } = first.header;
  const other = all.find(({ header }) => header.height !== height || header.width !== width);
  if (!other) return { height, width };
  const hint = `to resize all, say data.size: ${usualSize(all)}`;
  const expected = `${height} x ${width} pixels (height x width), as ${first.path}`;
  throw bad(join(root, other.path), expected, `${other.header.height} x ${other.header.width}`, hint);
}

/** The commonest size, or a small one if that is too large for a network of dense layers. */
function usualSize(all: readonly Listed[]): string {
  const counts = new Map<string, number>();
  for (const { header } of all) {
    if (Math.max(header.height, header.width) > largestHint) continue;
    const size = `${header.height}x${header.width}`;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '32x32';
}

/** Whether a picture has colours. A file for colours may hold greys alone, so the pixels decide. */
async function anyColour(root: string, all: readonly Listed[]): Promise<boolean> {
  for (const { path, header } of all) {
    if (!header.colour) continue;
    const file = join(root, path);
    // A picture that cannot be decoded is told when it is read.
    const picture = await decodePicture(await pictureBytes(file), file).catch(() => undefined);
    if (picture && !isGrey(picture)) return true;
  }
  return false;
}

function checkRoom(root: string, count: number, { height, width }: Shape, channels: number): void {
  const bytes = count * height * width * channels;
  if (bytes <= freeMemory()) return;
  const got = `${count} of ${height} x ${width} x ${channels}, ${(bytes / 1e9).toFixed(1)} GB`;
  const expected = `pictures that fit in memory (${(freeMemory() / 1e9).toFixed(1)} GB free)`;
  throw bad(root, expected, got, 'make them smaller: data.size: 32x32');
}

async function readPart(
  root: string,
  part: readonly Listed[],
  size: Shape,
  channels: 1 | 3,
  classes: number,
  counts: { transparent: number; done: number },
  progress: () => void,
): Promise<PictureSamples> {
  const pixels = size.height * size.width * channels;
  const features = new Uint8Array(allocateShared(part.length * pixels));
  const labels =
    classes > 256
      ? new Uint16Array(allocateShared(2 * part.length))
      : new Uint8Array(allocateShared(part.length));
  const errors: LockstepError[] = [];
  for (let first = 0; first < part.length; first += atOnce) {
    const some = part.slice(first, first + atOnce);
    const files = await Promise.all(some.map(({ path }) => pictureBytes(join(root, path))));
    for (const [i, { path, label }] of some.entries()) {
      labels[first + i] = label;
      const into = features.subarray((first + i) * pixels, (first + i + 1) * pixels);
      try {
        const picture = await decodePicture(files[i]!, join(root, path));
        if (isTransparent(picture)) counts.transparent++;
        const flat = flatten(picture, channels);
        if (picture.height === size.height && picture.width === size.width) into.set(flat);
        else resizePixels(flat, picture, into, size, channels);
      } catch (error) {
        if (!(error instanceof LockstepError)) throw error;
        errors.push(error);
      }
      counts.done++;
    }
    progress();
    await breathe();
  }
  refuse(errors, part.length);
  return { count: part.length, features, labels, files: part.map(({ path }) => path) };
}

function bad(where: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('data', { where, expected, got, ...(hint ? { hint } : {}) });
}
