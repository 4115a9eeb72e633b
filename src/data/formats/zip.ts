/**
 * Zip files: their directory, and the contents of one of their files. The directory may lie, so its sizes are
 * compared with the file's before anything is unpacked, and what is unpacked with the directory.
 *
 * Source: PKWARE, APPNOTE.TXT, sections 4.3.7 to 4.3.16. Numbers are little-endian.
 */
import { shown } from '../../foundation/check.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { limits } from '../../foundation/limits.ts';
import { checksum, inflate } from '../../platform/inflate.ts';
import { damaged } from '../byte-source.ts';

export interface ZipEntry {
  name: string;
  /** 0: stored as it is; 8: deflated. */
  method: number;
  encrypted: boolean;
  crc: number;
  packedBytes: number;
  /** Bytes of the contents. */
  bytes: number;
  /** Where its local header begins. */
  at: number;
  /** Where the next file begins, or the directory. */
  most: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** A size or offset that stands in the extra field, in 64 bits. */
const elsewhere = 0xffffffff;

const endBytes = 22;
const end64LocatorBytes = 20;
const entryBytes = 46;
const localBytes = 30;
const longestComment = 65_535;

/** The files of a zip. */
export function zipEntries(zip: Uint8Array, file: string): ZipEntry[] {
  const view = viewOf(zip);
  const { count, start } = findDirectory(view, file);
  if (count > limits.zipEntries) throw bad(file, `at most ${limits.zipEntries} files in it`, `${count}`);
  const entries: ZipEntry[] = [];
  for (let at = start; entries.length < count; ) {
    if (at + entryBytes > zip.length || view.getUint32(at, true) !== entrySignature) throw noDirectory(file);
    const entry = readEntry(zip, view, at);
    if (
      entry.packedBytes > zip.length ||
      entry.bytes > limits.deflateRatio * Math.max(1, entry.packedBytes)
    ) {
      throw bad(
        `${file}, ${entry.name}`,
        'sizes that can be true',
        `${entry.bytes} bytes in ${entry.packedBytes}`,
      );
    }
    entries.push(entry);
    at +=
      entryBytes +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  checkPlaces(entries, start, file);
  return entries;
}

/**
 * Each file has a name and a place of its own, before the directory. Else a small zip could hold the same
 * bytes a thousand times, or give one reader another file than the next.
 */
function checkPlaces(entries: readonly ZipEntry[], directory: number, file: string): void {
  const names = new Set<string>();
  let end = 0;
  let last: ZipEntry | undefined;
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const { name, at, packedBytes } = entry;
    if (names.has(name)) throw bad(file, 'files with names of their own', `two called ${shown(name)}`);
    names.add(name);
    if (last) last.most = at;
    last = entry;
    if (at < end) throw bad(file, 'files one after the other', `${shown(name)} within another`);
    // The name and an extra field stand between the header and the contents; `zipContents` counts them.
    end = at + localBytes + packedBytes;
    if (end > directory) throw bad(file, 'files before their directory', `${shown(name)} beyond it`);
  }
  if (last) last.most = directory;
}

/** The contents of one file of a zip. */
export function zipContents(zip: Uint8Array, entry: ZipEntry, file: string): Uint8Array {
  const where = `${file}, ${entry.name}`;
  const { at, method, packedBytes, bytes, crc } = entry;
  if (entry.encrypted) throw bad(where, 'a file without a password', 'an encrypted one', 'unpack it first');
  const view = viewOf(zip);
  if (at + localBytes > zip.length || view.getUint32(at, true) !== localSignature) throw noDirectory(file);
  const start = at + localBytes + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packedBytes > entry.most) throw bad(where, 'a file that ends before the next', 'a longer one');
  const packed = zip.subarray(start, start + packedBytes);
  const contents = unpack(packed, method, bytes, where);
  if (contents.length !== bytes) throw bad(where, `${bytes} bytes`, `${contents.length}`);
  if (checksum(contents) !== crc) throw bad(where, 'contents that fit their checksum', 'others');
  return contents;
}

function unpack(packed: Uint8Array, method: number, bytes: number, where: string): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) {
    throw bad(
      where,
      'a file that is stored or deflated',
      `method ${method}`,
      'pack it again as .npz or .zip',
    );
  }
  try {
    return inflate(packed, bytes);
  } catch (error) {
    throw bad(where, `${bytes} bytes of deflated data`, `"${(error as Error).message}"`);
  }
}

/** Number of entries, and where the directory begins. */
function findDirectory(view: DataView, file: string): { count: number; start: number } {
  const first = Math.max(0, view.byteLength - endBytes - longestComment);
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    if (count !== 0xffff && start !== elsewhere) return { count, start };
    return findDirectory64(view, at, file) ?? { count, start };
  }
  throw noDirectory(file);
}

function findDirectory64(view: DataView, end: number, file: string) {
  const locator = end - end64LocatorBytes;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return undefined;
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== end64Signature) throw noDirectory(file);
  return {
    count: Number(view.getBigUint64(at + 32, true)),
    start: Number(view.getBigUint64(at + 48, true)),
  };
}

function readEntry(zip: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameEnd = at + entryBytes + view.getUint16(at + 28, true);
  const entry = {
    name: new TextDecoder().decode(zip.subarray(at + entryBytes, nameEnd)),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
    most: 0,
  };
  const extra = zip.subarray(nameEnd, nameEnd + view.getUint16(at + 30, true));
  const wide = wideNumbers(extra);
  // They stand there in this order, and only those that are needed.
  for (const key of ['bytes', 'packedBytes', 'at'] as const) {
    if (entry[key] === elsewhere) entry[key] = wide.shift() ?? elsewhere;
  }
  return entry;
}

/** The 64-bit numbers of the extra field 1. */
function wideNumbers(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const [kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const fits = Math.min(length, extra.length - at - 4);
    if (kind === 1) {
      return Array.from({ length: Math.floor(fits / 8) }, (_, i) =>
        Number(view.getBigUint64(at + 4 + 8 * i, true)),
      );
    }
    at += 4 + length;
  }
  return [];
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function noDirectory(file: string): LockstepError {
  return bad(file, 'a zip file with its directory at the end', 'none');
}

function bad(where: string, expected: string, got: string, hint = damaged): LockstepError {
  return new LockstepError('data', { where, expected, got, hint });
}
