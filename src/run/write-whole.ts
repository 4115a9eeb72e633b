/** Writes a file so that it appears complete or not at all, even if the process is killed meanwhile. */
import { open, rename, rm } from 'node:fs/promises';

/** Writes beside the target, flushes to the disk, and moves the file into place. */
export async function writeWhole(file: string, parts: readonly (Uint8Array | string)[]): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, 'w');
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
