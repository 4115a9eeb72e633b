/**
 * The pictures that a command line names: files as they are, and of a folder all pictures that lie in it. A
 * folder of other samples stays as it is.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';

const endings = /\.(png|jpe?g)$/i;

/** @throws LockstepError `data` for a folder without pictures */
export function pictureFiles(given: readonly string[]): string[] {
  return given.flatMap((path) => (isFolder(path) ? picturesIn(path) : path));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function picturesIn(folder: string): string[] {
  const names = readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const pictures = names.filter((name) => endings.test(name) && !name.startsWith('.'));
  if (pictures.length > 0) return pictures.map((name) => join(folder, name));
  const inner = names.map((name) => join(folder, name)).filter(isFolder);
  // Folders of classes, of IDX files and of arrays are samples, which are predicted row by row.
  const samples = /idx\d-|\.npy$/i;
  if (inner.length > 1 || names.some((name) => samples.test(name))) return [folder];
  const [only] = inner;
  const below = only !== undefined && readdirSync(only).some((name) => endings.test(name));
  throw new LockstepError('data', {
    where: folder,
    expected: 'pictures: files that end in .png or .jpg',
    got: names.length === 0 ? 'an empty folder' : 'a folder without any',
    ...(below ? { hint: `there are some in ${only}` } : {}),
  });
}
