/**
 * The files of a run or sweep lie in its folder. A symbolic link on the way to one may lead to another place
 * in the folder, but not out of it: whoever made the link would choose what is read, overwritten or removed.
 */
import { lstat, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';

/**
 * The path of a file in a folder. It need not be there, but what is there of the way must not lead out. The
 * folder itself may be a link: its user has named it.
 *
 * @param name relative to the folder: `checkpoints/last.safetensors`
 * @throws LockstepError `checkpoint` that names the link
 */
export async function insideFolder(folder: string, name: string): Promise<string> {
  const steps = name.split(/[\\/]/);
  if (steps.some((step) => ['', '.', '..'].includes(step))) {
    throw new LockstepError('checkpoint', {
      where: folder,
      expected: 'the name of something in it',
      got: JSON.stringify(name),
    });
  }
  let path = folder;
  let root: string | undefined;
  for (const step of steps) {
    path = join(path, step);
    const found = await lstat(path).catch(() => undefined);
    if (!found) break;
    if (!found.isSymbolicLink()) continue;
    root ??= await realpath(folder);
    // A link to nothing leads nowhere yet, but what is written through it would lie there.
    const end = await realpath(path).catch(() => undefined);
    if (end?.startsWith(root + sep)) continue;
    throw new LockstepError('checkpoint', {
      where: path,
      expected: `something in ${folder}`,
      got: end === undefined ? 'a link that leads to nothing' : 'a link that leads out of it',
      hint: 'remove the link, or put what it leads to in its place',
    });
  }
  return join(folder, name);
}

/**
 * The same for a file. A folder, a pipe, a socket or a device in its place is refused: to read a pipe, or to
 * write into it, would wait for somebody at its other end.
 */
export async function fileInside(folder: string, name: string): Promise<string> {
  const path = await insideFolder(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile()) return path;
  throw new LockstepError('checkpoint', {
    where: path,
    expected: 'a file',
    got: found.isDirectory() ? 'a folder' : 'no ordinary file',
    hint: 'move it away',
  });
}
