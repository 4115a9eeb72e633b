/** Several arrays of NumPy in one `.npz` file, which is a zip of `.npy` files. */
import { LockstepError } from '../../foundation/errors.ts';
import { bytes as inWords } from '../../foundation/format.ts';
import { kindOf, readBytes, sizeOf } from '../../platform/files.ts';
import { freeMemory } from '../../platform/memory.ts';
import { readable } from '../byte-source.ts';
import { foreignFile } from './foreign.ts';
import { type NpyArray, parseNpy } from './npy.ts';
import { zipContents, zipEntries } from './zip.ts';

/** Arrays by their names, read when asked for. */
export interface NamedArrays {
  /** File or folder. */
  source: string;
  names: readonly string[];
  /** Where an array is, for messages. */
  where(name: string): string;
  read(name: string): Promise<NpyArray>;
}

/**
 * Opens an `.npz` file, or an `.npy` file with one array, whose name is then the file's.
 *
 * @param memory bytes that file and contents may take
 * @throws LockstepError `data`
 */
export async function openArrays(file: string, memory = freeMemory()): Promise<NamedArrays> {
  const contents = await readWhole(file, memory);
  if (startsWith(contents, '\x93NUMPY')) {
    const name = nameOf(file.replace(/^.*[/\\]/, ''));
    return { source: file, names: [name], where: () => file, read: async () => parseNpy(contents, file) };
  }
  // An empty zip begins with the end of its directory.
  const isZip = startsWith(contents, 'PK\x03\x04') || startsWith(contents, 'PK\x05\x06');
  const entries = isZip ? zipEntries(contents, file).filter(({ name }) => name.endsWith('.npy')) : [];
  if (entries.length === 0) {
    const foreign = foreignFile(contents, file);
    throw foreign
      ? new LockstepError('data', `${file}: ${foreign}`)
      : new LockstepError('data', { where: file, expected: 'arrays of NumPy (.npy, .npz)', got: 'none' });
  }
  const needed = contents.length + Math.max(...entries.map(({ bytes }) => 2 * bytes));
  if (needed > memory) throw tooLarge(file, needed, memory);
  const byName = new Map(entries.map((entry) => [nameOf(entry.name), entry]));
  const where = (name: string) => `${file}, ${name}`;
  return {
    source: file,
    names: [...byName.keys()],
    where,
    read: async (name) => parseNpy(zipContents(contents, byName.get(name)!, file), where(name)),
  };
}

async function readWhole(file: string, memory: number): Promise<Uint8Array> {
  try {
    if ((await kindOf(file)) !== 'file') {
      throw new LockstepError('data', { where: file, expected: 'a file with arrays', got: 'no file' });
    }
    const size = await sizeOf(file);
    if (size > memory) throw tooLarge(file, size, memory);
    return await readBytes(file);
  } catch (error) {
    throw readable(error, file);
  }
}

function tooLarge(where: string, needed: number, memory: number): LockstepError {
  const expected = `arrays that fit into ${inWords(memory)} of free memory`;
  return new LockstepError('data', { where, expected, got: `arrays that need ${needed} bytes` });
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => bytes[i] === character.charCodeAt(0));
}

function nameOf(file: string): string {
  return file.replace(/\.npy$/i, '');
}
