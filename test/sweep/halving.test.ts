import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { valueAt } from '#lockstep/sweep/follow.js';
import { createProposals } from '#lockstep/sweep/proposals.js';
import { runSweep } from '#lockstep/sweep/sweep.js';
import { makeTrial, type TrialLine, type TrialResult } from '#lockstep/sweep/trial.js';
import { openTrials } from '#lockstep/sweep/trials-file.js';
import { syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';
import { toySweep } from '../support/toy-sweep.ts';

const dataSha256 = 'synthetic';

type History = TrialLine['history'];

describe('the value at a rung', () => {
  const history: History = [
    [1, 0.5],
    [2, 0.75],
    [3, 0.25],
  ];
  test('is that of the rung, not the last, the first or the best', () => {
    expect([1, 2, 3].map((rung) => valueAt(history, rung))).toEqual([0.5, 0.75, 0.25]);
  });
  test('is that of the next evaluation where there was none at the rung', () => {
    expect(valueAt([...history.slice(0, 1), [2.5, 0.75], [3, 0.25]], 2)).toBe(0.75);
  });
  test('is the last one of a training that ended before, and none where none was made', () => {
    expect(valueAt(history, 4)).toBe(0.25);
    expect(valueAt([], 1)).toBeNaN();
  });
});

/**
 * What a sweep of two trials comes to, of which the better one goes on after the second epoch, when
 * trials.jsonl says that the first has finished with this history.
 */
async function secondTrialBeside(history: History, batch: number): Promise<TrialResult> {
  const file = toySweep(`sweep:
  method: random
  run_cap: 2
  batch: ${batch}
  parameters: { optimizer.learningRate: { min: 0.05, max: 0.1 } }
  early_terminate: { type: hyperband, min_iter: 2, eta: 2 }
`);
  const first = makeTrial(file, 1, createProposals(file.sweep).next([], [])!, dataSha256);
  const { id, seed } = first.runs[0]!;
  const folder = await temporaryFolder();
  const trials = await openTrials(join(folder, 'trials.jsonl'));
  await trials.append({
    ...{ trial: 1, id, parameters: first.parameters, seed, status: 'finished', epochs: 3, history },
    ...{ metric: history.at(-1)![1], weightsSha256: 'known', run: `trials/${id}`, seconds: 1 },
  });
  const options = { dataset: syntheticDataset(), dataSha256, folder, trials, threads: 1, parallel: 1 };
  let results: readonly TrialResult[] = [];
  for await (const event of runSweep(file, options)) if (event.kind === 'end') results = event.results;
  await trials.close();
  expect(results.map(({ number }) => number)).toEqual([1, 2]);
  // The first was not trained again.
  expect(results[0]!.lines[0]!.weightsSha256).toBe('known');
  return results[1]!;
}

// No accuracy is below 0 or above 1, so the better one at the rung does not depend on the second training.
describe.each([
  ['in the same batch', 2],
  ['in a later batch', 1],
])('a trial %s', (_, batch) => {
  test('goes on beside one that was worse at the rung and became better', async () => {
    const history: History = [
      [1, 2],
      [2, -1],
      [3, 2],
    ];
    expect(await secondTrialBeside(history, batch)).toMatchObject({ status: 'finished', epochs: 3 });
  });
  test('stops beside one that was better at the rung and became worse', async () => {
    const history: History = [
      [1, -1],
      [2, 2],
      [3, -1],
    ];
    expect(await secondTrialBeside(history, batch)).toMatchObject({ status: 'stopped', epochs: 2 });
  });
});
