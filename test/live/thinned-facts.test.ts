// Rows of a long training: few are left, and none that tells something is lost.
import { expect, test } from 'vitest';
import { mostRows, thinnedRows } from '#lockstep/live/thinned-rows.js';
import { bestEpoch } from '#lockstep/report/best-epoch.js';
import type { RunFacts } from '#lockstep/run/run-facts.js';
import { tinyExperiment } from '../support/tiny.ts';

const model = [{ kind: 'dense', units: 'classes' }];

function factsOf(count: number, loss: (epoch: number) => number, every = 1, settings = {}): RunFacts {
  const epochs = Array.from({ length: count }, (_, i) => {
    const epoch = i + 1;
    const accuracy = 1 - loss(epoch) / 10;
    const validation = { loss: loss(epoch), accuracy, precision: 0, recall: 0, f1: accuracy };
    return {
      epoch,
      learningRate: 0.1,
      train: { loss: loss(epoch), accuracy },
      validation: epoch % every === 0 ? validation : undefined,
    };
  });
  const experiment = tinyExperiment({ model, data: { validation: 1 }, ...settings });
  const rest = { config: '', summary: undefined, timing: [], confusion: undefined };
  return { experiment, underway: { task: 'classes' }, epochs, ...rest };
}

const wave = (epoch: number) => 1 + Math.sin(epoch / 50) / (1 + epoch / 1000);

test('a short training keeps all', () => {
  const facts = factsOf(mostRows, wave);
  expect(thinnedRows(facts)).toBe(facts.epochs);
});

test('10,000 epochs become few, with peaks, ends and the best', () => {
  const facts = factsOf(10_000, (epoch) => (epoch === 7777 ? 9 : wave(epoch)));
  const rows = thinnedRows(facts);
  expect(rows.length).toBeLessThan(1.2 * mostRows);
  const kept = rows.map(({ epoch }) => epoch);
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  expect(kept).toEqual(expect.arrayContaining([1, 7777, 10_000]));
  expect(bestEpoch({ ...facts, epochs: rows })).toEqual(bestEpoch(facts));
});

test('the best is the same with a margin that a figure must be better by', () => {
  const earlyStopping = { metric: 'loss', patience: 9999, minDelta: 0.1 };
  const facts = factsOf(10_000, (epoch) => 5 - epoch / 5000 + wave(epoch) / 50, 1, { earlyStopping });
  const rows = thinnedRows(facts);
  expect(rows.length).toBeLessThan(facts.epochs.length);
  expect(bestEpoch({ ...facts, epochs: rows })).toEqual(bestEpoch(facts));
});

test('evaluations that are seldom are not lost among the other rows', () => {
  const facts = factsOf(10_000, wave, 500);
  const kept = new Set(thinnedRows(facts).map(({ epoch }) => epoch));
  for (let epoch = 500; epoch <= 10_000; epoch += 500) expect(kept.has(epoch)).toBe(true);
});
