// What travels in a step, from the plan alone.
import { expect, test } from 'vitest';
import { shareData } from '#lockstep/data/split.js';
import { planTraining } from '#lockstep/engine/plan.js';
import { trafficOf } from '#lockstep/engine/traffic.js';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dataset = tinyDataset({ train: 1100 });
const batchNorm = ['batch-norm'];

function traffic(ranks: number, layers: readonly unknown[] = []) {
  const experiment = tinyExperiment({
    batchSize: 1024,
    model: [...layers, { kind: 'dense', units: 'classes' }],
  });
  const { data } = shareData(experiment, dataset, (path) => path);
  const { network, map } = planTraining(experiment, data, 1, undefined, ranks);
  return trafficOf(network, map, 1024);
}

test('what is sent is received, and no rank does much more than another', () => {
  for (const ranks of [2, 3, 4, 7]) {
    const all = traffic(ranks, [{ kind: 'dense', units: 64 }, ...batchNorm]);
    const sum = (of: 'sends' | 'gets' | 'cuts') => all.reduce((total, one) => total + one[of], 0);
    expect(all).toHaveLength(ranks);
    expect(sum('sends')).toBe(sum('gets'));
    expect(sum('cuts')).toBe(4);
  }
});

test('batch normalisation adds its sums and its parameters', () => {
  const dense = { kind: 'dense', units: 64 };
  const [without, with_] = [traffic(4, [dense]), traffic(4, [dense, ...batchNorm])].map((all) =>
    all.reduce((total, { sends }) => total + sends, 0),
  );
  // Three rounds, in which each of 4 ranks sends the two sums of 64 features of its cut to 3 others; and 128
  // parameters, of which 3 cuts go to whoever adds them, and the total from there to 3 ranks.
  expect(with_! - without!).toBe(3 * 4 * 3 * 2 * 64 + 128 * (3 + 3));
});
