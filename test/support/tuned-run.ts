// A run that was fine-tuned from another one.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Finished, runTrain } from './run-cli.ts';
import { toyExperiment } from './toy-data.ts';
import { toyFolder } from './toy-folder.ts';

const tuned = toyExperiment
  .replace('name: toy', 'name: tuned')
  .replace('units: 16', 'units: 16, freeze: true')
  .replace('units: classes', 'units: classes, pretrained: false');

/** The summary of the run in this folder. */
export const summaryOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'));

export const run = (cwd: string, ...args: string[]): Promise<Finished> =>
  runTrain([...args, '--quiet'], { cwd });

/** Runs it, and expects that nothing was wrong. */
export async function done(cwd: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await run(cwd, ...args);
  expect([stderr, code]).toEqual(['', 0]);
}

/** In this folder: the run `first`, and `tuned`, which began with its weights; the experiments of both. */
export async function trainTuned(cwd: string): Promise<void> {
  await toyFolder(toyExperiment, cwd);
  await writeFile(join(cwd, 'tuned.yaml'), tuned);
  await done(cwd, 'toy.yaml', '--out', 'first');
  await done(cwd, 'tuned.yaml', '--from', 'first', '--seed', '9', '--out', 'tuned');
}
