// A folder with a sweep over the toy experiment, and what a sweep has written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Finished } from './run-cli.ts';
import { toyExperiment } from './toy-data.ts';
import { toyFolder } from './toy-folder.ts';

export const grid = `sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.01, 0.1, 0.3] }
    model[0].units: { values: [4, 16] }
`;

export const halving = `sweep:
  method: random
  metric: { name: val_loss }
  run_cap: 11
  batch: 6
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 }
    batchSize: { distribution: q_uniform, min: 10, max: 50, q: 10 }
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }
`;

/** The same with fewer trials, in two batches. */
export const shortHalving = halving.replace('run_cap: 11', 'run_cap: 7').replace('batch: 6', 'batch: 4');

/** A folder with this sweep over the toy experiment. */
export async function sweepFolder(block: string, experiment = toyExperiment): Promise<string> {
  const cwd = await toyFolder(experiment);
  writeFileSync(join(cwd, 'sweep.yaml'), experiment + block);
  return cwd;
}

export const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

export interface Line {
  trial: number;
  id: string;
  status: string;
  epochs: number;
  metric: number | null;
  weightsSha256: string | null;
  run: string;
  message?: string;
}

/** The lines of trials.jsonl without their times, sorted. */
export function trialsOf(folder: string): Line[] {
  return read(folder, 'trials.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { seconds, sha256, ...rest } = JSON.parse(line);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(seconds).toBeGreaterThanOrEqual(0);
      return rest;
    })
    .sort((a, b) => a.trial - b.trial || a.id.localeCompare(b.id));
}

export const lastLine = ({ stderr }: Finished) => stderr.trimEnd().split('\n').at(-1)!;
