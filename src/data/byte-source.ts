/**
 * The bytes of a data file from front to back, raw or compressed with gzip.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LockstepError } from '../foundation/errors.ts';

/** An open file, uncompressed, from front to back. */
export interface ByteSource {
  file: string;
  compressed: boolean;
  /** Size on disk, in bytes. */
  storedBytes: number;
  /** Fills `target` from where the last call ended; returns fewer bytes only at the file's end. */
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** One read call takes less than 2^31 bytes. */
const readLimit = 1_073_741_824;

/** Chunks of gzip, in bytes. Measured on MNIST: 0.12 s with these, 0.38 s with zlib's own choice of 16 KiB. */
const chunkBytes = 1_048_576;

/** What to do about a file that ends early, or whose gzip is not sound. */
export const damaged = 'the file is damaged or was not downloaded to its end: fetch it again';

/** Opens a file; whether it is compressed is told by its first two bytes, not by its name. */
export async function openBytes(file: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const storedBytes = (await handle.stat()).size;
    const start = Buffer.alloc(2);
    await handle.read(start, 0, 2, 0);
    const compressed = start.readUInt16BE(0) === 0x1f8b;
    const { read, close } = compressed ? gunzipped(handle) : plain(handle);
    const readOrComplain = (target: Uint8Array) =>
      read(target).catch((error: unknown) => {
        throw readable(error, file);
      });
    return { file, compressed, storedBytes, read: readOrComplain, close };
  } catch (error) {
    await handle?.close();
    throw readable(error, file);
  }
}

function plain(handle: FileHandle): Pick<ByteSource, 'read' | 'close'> {
  let position = 0;
  return {
    async read(target) {
      let filled = 0;
      while (filled < target.length) {
        // Straight into shared memory: Node reads into views of a SharedArrayBuffer as into any other.
        const length = Math.min(target.length - filled, readLimit);
        const { bytesRead } = await handle.read(target, filled, length, position);
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      return filled;
    },
    close: () => handle.close(),
  };
}

function gunzipped(handle: FileHandle): Pick<ByteSource, 'read' | 'close'> {
  const stored = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: chunkBytes });
  // What goes wrong in either stream is thrown by the iterator.
  const unpacked = pipeline(stored, createGunzip({ chunkSize: chunkBytes }), () => {});
  const chunks = unpacked[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let chunk: Uint8Array = new Uint8Array(0);
  return {
    async read(target) {
      let filled = 0;
      while (filled < target.length) {
        if (chunk.length === 0) {
          const next = await chunks.next();
          if (next.done) break;
          chunk = next.value;
        }
        const taken = chunk.subarray(0, target.length - filled);
        target.set(taken, filled);
        filled += taken.length;
        chunk = chunk.subarray(taken.length);
      }
      return filled;
    },
    async close() {
      unpacked.destroy();
      await handle.close();
    },
  };
}

/** What the system or gzip says about a file, in one line; other errors are returned as they are. */
export function readable(error: unknown, file: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  const complain = (expected: string, got: string, hint?: string) =>
    new LockstepError('data', { where: file, expected, got, ...(hint ? { hint } : {}) }, { cause: error });
  if (code?.startsWith('Z_')) return complain('a sound gzip file', `"${message}"`, damaged);
  return syscall === undefined ? error : complain('a readable file', `${code}`);
}
