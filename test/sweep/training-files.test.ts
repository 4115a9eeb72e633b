// The files of a training in a sweep, on a disk that does not take them.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inline } from '#lockstep/parallel/inline.js';
import { recorded, summarize } from '#lockstep/run/record-run.js';
import { beginFiles } from '#lockstep/sweep/training-files.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';

const dataset = syntheticDataset();
const experiment = resolve({
  data: { validation: 50 },
  model: [{ kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  batchSize: 20,
  epochs: 4,
});
const name = `trials/${'ab'.repeat(8)}`;

/**
 * Writes a training into a folder from which the trials vanish after an epoch, and come again after another.
 */
async function write({ gone, back }: { gone: number; back: number }) {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'trials'));
  const { epochs, end } = await runToEnd(experiment, dataset, inline());
  const files = await beginFiles({ folder, name, experiment, dataset });
  for (const event of epochs) {
    await files.add(recorded({ ...event, best: undefined, seconds: 1, samplesPerSecond: 1 }));
    if (event.epoch === gone) rmSync(join(folder, 'trials'), { recursive: true });
    if (event.epoch === back) mkdirSync(join(folder, 'trials'));
  }
  const options = { experiment, dataset, threads: 1, begun: 0, dataSha256: 'd'.repeat(64) };
  const fault = await files.end(summarize({ ...end, activeThreads: 1 } as EndEvent, options));
  return { folder, fault };
}

const read = (folder: string, file: string) => readFileSync(join(folder, name, file), 'utf8');

test('for a moment: at the end all are there', async () => {
  const whole = await write({ gone: 0, back: 0 });
  const after = await write({ gone: 2, back: 3 });
  expect([whole.fault, after.fault]).toEqual([undefined, undefined]);
  for (const file of ['config.yaml', 'metrics.csv'])
    expect(read(after.folder, file)).toBe(read(whole.folder, file));
  expect(read(after.folder, 'metrics.csv').trimEnd().split('\n')).toHaveLength(5);
  expect(JSON.parse(read(after.folder, 'summary.json')).epochs).toBe(4);
});

test('to the end: it says so, and makes no folder anew', async () => {
  const { folder, fault } = await write({ gone: 2, back: 0 });
  expect(fault).toBe(`${join(folder, name)}: cannot be written: its folder is gone`);
  expect(() => read(folder, 'config.yaml')).toThrow('ENOENT');
});
