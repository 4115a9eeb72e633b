/**
 * Reads the bytes of a data file from front to back, whether it is raw or compressed with gzip.
 */
import { LockstepError } from '../foundation/errors.ts';
import { grouped } from '../foundation/format.ts';
import { limits } from '../foundation/limits.ts';
import { type OpenFile, openFile } from '../platform/files.ts';

/** An open file, uncompressed, from front to back. What goes wrong is a LockstepError that names it. */
export interface ByteSource extends OpenFile {
  file: string;
}

/** The hint for a file that ends early or whose gzip is damaged. */
export const damaged = 'the file is damaged or was not downloaded to its end: fetch it again';

/** Opens a file; whether it is compressed is told by its bytes, not by its name. */
export async function openBytes(file: string): Promise<ByteSource> {
  const complain = (error: unknown): never => {
    throw readable(error, file);
  };
  const source = await openFile(file).catch(complain);
  return { ...source, file, read: (target) => source.read(target).catch(complain) };
}

/**
 * The same for text. The rows of a table are not known before they are read, so half a megabyte of gzip could
 * keep this program busy for minutes.
 */
export async function openText(file: string): Promise<ByteSource> {
  const source = await openBytes(file);
  if (!source.compressed) return source;
  let unpacked = 0;
  return {
    ...source,
    async read(target) {
      const filled = await source.read(target);
      unpacked += filled;
      const stored = source.storedRead();
      if (unpacked <= limits.repetitiveText || unpacked <= limits.textRatio * stored) return filled;
      throw new LockstepError('data', {
        where: file,
        expected: `text that gzip has made at most ${limits.textRatio} times smaller`,
        got: `${grouped(unpacked)} bytes from ${grouped(stored)}`,
        hint: 'if that is what you want to read, unpack it first',
      });
    },
  };
}

/** Bytes in memory as an open file. They are taken as they are, compressed or not. */
export function bytesInMemory(bytes: Uint8Array, file: string): ByteSource {
  let at = 0;
  return {
    file,
    compressed: false,
    storedBytes: bytes.length,
    storedRead: () => at,
    async read(target) {
      const part = bytes.subarray(at, at + target.length);
      target.set(part);
      at += part.length;
      return part.length;
    },
    close: async () => {},
  };
}

/** Turns an error of the system or of gzip into one line about the file. Returns other errors unchanged. */
export function readable(error: unknown, file: string): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  const complain = (expected: string, got: string, hint?: string) =>
    new LockstepError('data', { where: file, expected, got, ...(hint ? { hint } : {}) }, { cause: error });
  if (code?.startsWith('Z_')) return complain('a sound gzip file', `"${message}"`, damaged);
  return syscall === undefined ? error : complain('a readable file', `${code}`);
}
