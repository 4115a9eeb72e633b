/** Writes a file so that it is there completely or not at all, whatever happens in between. */
import { open, rename, rm } from 'node:fs/promises';

/** Writes beside the target, brings it to the disk, and moves it into place. */
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
