/** Data files for tests: IDX and CSV, sound or spoilt, in folders that are removed after each test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished } from 'vitest';
import { LockstepError } from '#lockstep/foundation/errors.js';

/** A new empty folder, removed when the running test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An IDX file: a header with the magic number and the sizes, then the bytes. */
export function idx(magic: number, sizes: number[], bytes: Iterable<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic, 0);
  for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, Uint8Array.from(bytes)]);
}

/** `count` images whose bytes count up from `first`, modulo 251. */
export function idxImages(count: number, height: number, width: number, first = 0): Buffer {
  const bytes = Uint8Array.from({ length: count * height * width }, (_, i) => (first + i) % 251);
  return idx(0x803, [count, height, width], bytes);
}

export function idxLabels(labels: number[]): Buffer {
  return idx(0x801, [labels.length], labels);
}

/** Three training and two test images of 2 x 3 pixels, largest label 7, under MNIST's names. */
export function smallIdxSet(): Record<string, Buffer> {
  return {
    'train-images-idx3-ubyte': idxImages(3, 2, 3),
    'train-labels-idx1-ubyte': idxLabels([1, 0, 4]),
    't10k-images-idx3-ubyte': idxImages(2, 2, 3, 100),
    't10k-labels-idx1-ubyte': idxLabels([7, 2]),
  };
}

/** Writes files into a folder. If a name ends in `.gz`, the bytes are compressed. */
export async function writeFiles(folder: string, files: Record<string, Buffer | string>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }
}

/** A copy of gzip's bytes with a wrong checksum, which lies 8 bytes before the end. */
export function wrongChecksum(compressed: Buffer): Buffer {
  const spoilt = Buffer.from(compressed);
  const at = spoilt.length - 8;
  spoilt.writeUInt8(spoilt.readUInt8(at) ^ 1, at);
  return spoilt;
}

/** The message of the data error that `loading` must throw. */
export async function dataError(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => new Error('it loaded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LockstepError);
  expect((error as LockstepError).code).toBe('data');
  return (error as LockstepError).message;
}
