/**
 * The weights alone, as a file of NumPy: an array for each tensor, under its name in the plan, and an array
 * `lockstep` of no dimensions, a text that says in JSON what they are.
 *
 * Each array is a file of the format .npy, version 1.0:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { littleEndianBytes } from '../model/weights.ts';
import { describe, type ExportedNetwork } from './exported.ts';
import { storedZip, type ZipContent } from './zip.ts';

const about = 'lockstep';

/** How our exports begin, behind the thirty bytes of the first local header. */
export const npzMark = `${about}.npy`;

/** @returns the pieces of the file */
export function npzOf(exported: ExportedNetwork): Uint8Array[] {
  const { parameters, state } = exported;
  return storedZip([
    textArray(about, JSON.stringify(describe(exported))),
    ...[...parameters, ...state].map(({ id, shape, values }) => floatArray(id, shape, values)),
  ]);
}

function floatArray(name: string, shape: readonly number[], values: Float32Array): ZipContent {
  // Python writes a tuple of one with a comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  return npy(name, '<f4', tuple, littleEndianBytes(values));
}

/** A single text: four bytes for each character. */
function textArray(name: string, text: string): ZipContent {
  const characters = [...text];
  const bytes = new DataView(new ArrayBuffer(4 * characters.length));
  for (const [i, character] of characters.entries()) bytes.setUint32(4 * i, character.codePointAt(0)!, true);
  return npy(name, `<U${characters.length}`, '()', new Uint8Array(bytes.buffer));
}

function npy(name: string, type: string, shape: string, data: Uint8Array): ZipContent {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const before = 10; // magic number, version, length of the header
  // Spaces, and a newline, align the numbers to 64 bytes.
  const end = Math.ceil((before + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(end + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (end - before) & 0xff, (end - before) >>> 8]);
  bytes.set(new TextEncoder().encode(`${header.padEnd(end - before - 1)}\n`), before);
  bytes.set(data, end);
  return { name: `${name}.npy`, bytes };
}
