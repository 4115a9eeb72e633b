/** Writes a file so that it appears complete or not at all, even if the power fails meanwhile. */
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/** Windows cannot open a folder, and flushes its entries by itself. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot flush a folder.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  } finally {
    await handle.close();
  }
}

/** Removes what processes that were killed have left beside these files. */
export async function sweepUp(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names)
    if (/\.\d+\.tmp$/.test(name)) await rm(join(folder, basename(name)), { force: true });
}
