/** Writes a file so that it appears complete or not at all, even if the power fails meanwhile. */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { notWritten } from './trouble.ts';

/**
 * Writes beside the target, flushes to the disk, moves the file into place, and flushes the folder, whose
 * entry for the file would else be lost with the power.
 *
 * @param keep the name under which the file that was there before is kept
 * @throws LockstepError `failed` if the file cannot be written
 */
export async function writeWhole(
  file: string,
  parts: readonly (Uint8Array | string)[],
  keep?: string,
): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, 'w');
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (keep !== undefined) await rename(file, keep).catch(ignoreMissing);
    await rename(beside, file);
    await flushFolder(dirname(file));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw notWritten(file, error);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * Makes a folder, and those around it that are missing, so that they are still there after a power failure.
 *
 * @throws LockstepError `failed` if it cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = resolve(folder); ; made = dirname(made)) {
      await flushFolder(dirname(made));
      if (made === resolve(first)) return;
    }
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** Windows cannot open a folder, and flushes its entries by itself. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some file systems cannot flush a folder, and some folders may be written, but not read.
    if (!unflushable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const unflushable: readonly string[] = ['EINVAL', 'ENOTSUP', 'EPERM', 'EBADF', 'EACCES'];

/** Removes what processes that were killed have left beside these files. */
export async function sweepUp(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names)
    if (/\.\d+\.tmp$/.test(name)) await rm(join(folder, basename(name)), { force: true });
}
