import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, writeFiles } from './data-files.ts';
import { toyExperiment, toyFiles } from './toy-data.ts';

/** A folder with `toy.yaml` and its data; by default a new one, which is removed when the test ends. */
export async function toyFolder(experiment = toyExperiment, given?: string): Promise<string> {
  const folder = given ?? (await temporaryFolder());
  await mkdir(join(folder, 'data'));
  await writeFiles(join(folder, 'data'), toyFiles());
  await writeFile(join(folder, 'toy.yaml'), experiment);
  return folder;
}
