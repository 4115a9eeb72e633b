import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { createProposals } from '#lockstep/sweep/proposals.js';
import { runSweep } from '#lockstep/sweep/sweep.js';
import { makeTrial, type TrialResult } from '#lockstep/sweep/trial.js';
import { openTrials } from '#lockstep/sweep/trials-file.js';
import { judgeWinner } from '#lockstep/sweep/winner.js';
import { syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { toySweep } from '../support/toy-sweep.ts';

const dataSha256 = 'synthetic';
const block = `sweep:
  method: grid
  seeds: 2
  parameters: { optimizer.learningRate: { values: [0.1] } }
`;

test('the winner of each seed must have the weights of its trial', async () => {
  const file = toySweep(block);
  const dataset = syntheticDataset();
  const folder = await temporaryFolder();
  const trials = await openTrials(join(folder, 'trials.jsonl'));
  const options = { dataset, dataSha256, folder, trials, threads: 1, parallel: 1 };
  let results: readonly TrialResult[] = [];
  for await (const event of runSweep(file, options)) if (event.kind === 'end') results = event.results;
  await trials.close();
  const result = results[0]!;
  const trial = makeTrial(file, 1, createProposals(file.sweep).next([], [])!, dataSha256);
  const digests = result.lines.map(({ weightsSha256 }) => weightsSha256);
  expect(new Set(digests).size).toBe(2);

  const tampered = 'f'.repeat(64);
  for (const changed of [0, 1]) {
    const lines = result.lines.map((line, i) =>
      i === changed ? { ...line, weightsSha256: tampered } : line,
    );
    const judged = judgeWinner(
      trial,
      { ...result, lines },
      { dataset, folder, threads: 1, objective: file.sweep.objective },
    );
    await expect(judged).rejects.toThrow(LockstepError);
    await expect(judged).rejects.toThrow(
      `${join(folder, 'best', `seed-${trial.runs[changed]!.seed}`)}: ` +
        'trained again, the winner has other weights: ' +
        `expected sha256 ${tampered}, got ${digests[changed]}`,
    );
  }
  const summaries = await judgeWinner(trial, result, {
    dataset,
    folder,
    threads: 1,
    objective: file.sweep.objective,
  });
  expect(summaries!.map(({ weightsSha256 }) => weightsSha256)).toEqual(digests);
  for (const { test } of summaries!) expect(test!.accuracy).toBeGreaterThan(0.5);
});
