/** Modules of a user's program. In a browser, browser/modules.ts replaces this file. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import { sha256 } from './digest.ts';

export interface LoadedModule {
  /** The name of its file. */
  name: string;
  /** Of the bytes of the file, without what it imports. */
  sha256: string;
  exports: Readonly<Record<string, unknown>>;
}

/** Loads an ES module from its file. Throws what the file system or the module throws. */
export async function loadModule(url: URL): Promise<LoadedModule> {
  const file = fileURLToPath(url);
  const digest = sha256();
  digest.add(await readFile(file));
  return { name: basename(file), sha256: digest.hex(), exports: await import(url.href) };
}

/** What `startThreads` has given to this thread. */
export function givenToThread(): unknown {
  return workerData;
}
