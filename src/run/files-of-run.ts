/**
 * The files that a training wrote into a folder, and what else lies there. Only the former are removed or
 * copied with a run.
 */
import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { insideFolder } from './inside-folder.ts';
import { isOfLock } from './lock.ts';
import { runFiles } from './run-files.ts';
import { isEventFile } from './tensorboard/event-file.ts';
import { makeFolder, writeWhole } from './write-whole.ts';

const checkpoints = dirname(runFiles.weights);
const names = new Set(Object.values(runFiles).filter((name) => dirname(name) === '.'));

/** Whether a training writes a file with this name; or wrote, when it was killed. */
function isOurs(name: string): boolean {
  return names.has(name.replace(/\.\d+\.tmp$/, '') as never) || isOfLock(name) || isEventFile(name);
}

function isCheckpoint(name: string): boolean {
  return /\.safetensors(\.\d+\.tmp)?$/.test(name);
}

interface Found {
  /** Files of the training, relative to the folder. */
  ours: string[];
  /** Links with the names of such files. They are removed with the run, but not followed. */
  links: string[];
  /** The first thing that is not. */
  foreign: string | undefined;
}

/** What lies in a folder; undefined if there is none. Throws if it, or something of ours in it, is a link. */
async function find(around: string, name: string): Promise<Found | undefined> {
  const folder = await folderAt(around, name);
  if (folder === undefined) return undefined;
  const found: Found = { ours: [], links: [], foreign: undefined };
  const look = async (below: string, known: (name: string) => boolean) => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (below === '' && entry.name === checkpoints && entry.isDirectory()) await look(path, isCheckpoint);
      else if (entry.isFile() && known(entry.name)) found.ours.push(path);
      else if (entry.isSymbolicLink() && (known(entry.name) || path === checkpoints)) found.links.push(path);
      else found.foreign ??= path;
    }
  };
  await look('', isOurs);
  return found;
}

/** The path of a folder that is no link, nor lies behind one; undefined if there is none. */
export async function folderAt(around: string, name: string): Promise<string | undefined> {
  const folder = await insideFolder(around, name);
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new LockstepError('checkpoint', `${folder}: cannot be read: ${error.message}`);
  });
  if (!found) return undefined;
  if (found.isDirectory()) return folder;
  throw new LockstepError('checkpoint', {
    where: folder,
    expected: 'a folder',
    got: found.isSymbolicLink() ? 'a link' : 'a file',
    hint: 'move it away',
  });
}

/**
 * Removes a run, whole or begun, from the folder around it, so that another can take its place. What is not
 * of a run stays.
 *
 * @throws LockstepError `usage` if the folder is not that of a run
 */
export async function removeRun(around: string, name: string): Promise<void> {
  const found = await find(around, name);
  if (!found) return;
  const { ours, links, foreign } = found;
  const folder = join(around, name);
  // A training begins with config.yaml, so without it there can only be what was being written.
  const begun = ours.includes(runFiles.config);
  const strange = begun ? undefined : (ours.find((path) => !/\.tmp$/.test(path)) ?? links[0] ?? foreign);
  if (strange !== undefined) {
    throw new LockstepError('usage', {
      where: folder,
      expected: 'nothing, or a run, which is trained again',
      got: `a folder without ${runFiles.config} that holds ${strange}`,
      hint: 'move it away',
    });
  }
  for (const path of [...ours, ...links]) await rm(join(folder, path), { force: true });
  for (const path of [join(folder, checkpoints), folder]) {
    await rmdir(path).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(error.code ?? '')) throw error;
    });
  }
}

/** Copies a run from one folder around it into another, which must not have it yet. */
export async function copyRun(from: string, to: string, name: string): Promise<void> {
  const found = await find(from, name);
  if (!found) {
    throw new LockstepError('checkpoint', {
      where: join(from, name),
      expected: 'the folder of a training',
      got: 'no such folder',
    });
  }
  const target = await insideFolder(to, name);
  await makeFolder(target);
  for (const path of found.ours) {
    await makeFolder(join(target, dirname(path)));
    await writeWhole(join(target, path), [await readFile(join(from, name, path))]);
  }
}
