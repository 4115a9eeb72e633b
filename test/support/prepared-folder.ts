// A folder that takes long to fill, which is filled once for all tests of a file.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { temporaryFolder } from './data-files.ts';

/**
 * Returns a function that gives each test a copy of its own, which is removed when the test ends. To be called
 * where a test file begins.
 */
export function preparedFolder(prepare: (folder: string) => Promise<unknown>): () => Promise<string> {
  let filled: Promise<string> | undefined;
  const fill = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-'));
    await prepare(folder);
    return folder;
  };
  afterAll(async () => {
    if (filled) await rm(await filled, { recursive: true, force: true });
  });
  return async () => {
    filled ??= fill();
    const copy = await temporaryFolder();
    await cp(await filled, copy, { recursive: true });
    return copy;
  };
}
