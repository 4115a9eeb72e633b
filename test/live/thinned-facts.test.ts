// A long training with fewer rows: none that tells something is lost, and there are never many.
import { expect, test } from 'vitest';
import { mostRows, thinnedFacts } from '#lockstep/live/thinned-facts.js';
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
  const timing = epochs.map(({ epoch }) => ({ epoch, seconds: 1, samplesPerSecond: epoch }));
  const experiment = tinyExperiment({ model, data: { validation: 1 }, ...settings });
  const rest = { config: '', summary: undefined, timing, confusion: undefined };
  return { experiment, underway: { task: 'classes' }, epochs, ...rest };
}

const wave = (epoch: number) => 1 + Math.sin(epoch / 50) / (1 + epoch / 1000);

test('a short training keeps all', () => {
  const facts = factsOf(mostRows, wave);
  expect(thinnedFacts(facts)).toBe(facts);
});

test('10,000 epochs become few, with peaks, ends and the best, and their times', () => {
  const facts = factsOf(10_000, (epoch) => (epoch === 7777 ? 9 : wave(epoch)));
  const few = thinnedFacts(facts);
  expect(few.epochs.length).toBeLessThanOrEqual(mostRows);
  const kept = few.epochs.map(({ epoch }) => epoch);
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
  expect(kept).toEqual(expect.arrayContaining([1, 7777, 10_000]));
  expect(few.timing.map(({ epoch }) => epoch)).toEqual(kept);
  expect(bestEpoch(few)).toEqual(bestEpoch(facts));
});

test('a training that gets better with every epoch becomes few rows, too', () => {
  const facts = factsOf(10_000, (epoch) => 5 / epoch);
  const few = thinnedFacts(facts);
  expect(few.epochs.length).toBeLessThanOrEqual(mostRows);
  expect(bestEpoch(few)?.epoch).toBe(10_000);
});

test('the best is the same with a margin that a figure must be better by', () => {
  const earlyStopping = { metric: 'loss', patience: 9999, minDelta: 0.1 };
  const facts = factsOf(10_000, (epoch) => 5 - epoch / 5000 + wave(epoch) / 50, 1, { earlyStopping });
  const few = thinnedFacts(facts);
  expect(few.epochs.length).toBeLessThanOrEqual(mostRows);
  expect(bestEpoch(few)).toEqual(bestEpoch(facts));
});

test('evaluations that are seldom are not lost among the other rows', () => {
  const facts = factsOf(10_000, wave, 500);
  const kept = new Set(thinnedFacts(facts).epochs.map(({ epoch }) => epoch));
  for (let epoch = 500; epoch <= 10_000; epoch += 500) expect(kept.has(epoch)).toBe(true);
});

test('without evaluations there is no best', () => {
  const facts = factsOf(10_000, wave, 20_000);
  expect(bestEpoch(thinnedFacts(facts))).toBeUndefined();
});
