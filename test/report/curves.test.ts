// The curves and the table of a run of very many epochs.
import { expect, test } from 'vitest';
import { curveParts } from '#lockstep/report/page/curves.js';
import { epochSection, newestEpochs } from '#lockstep/report/page/epoch-table.js';
import type { RunFacts } from '#lockstep/run/run-facts.js';

/** As much of a run as its curves need. Epoch `best` has the best figure on the held-out samples. */
function facts(length: number, best: number): RunFacts {
  const epochs = Array.from({ length }, (_, i) => ({
    epoch: i + 1,
    learningRate: 0.1,
    train: { loss: 1 / (i + 1), accuracy: 0.5 },
    validation: { loss: 2 / (i + 1), accuracy: i + 1 === best ? 0.9 : 0.6 },
  }));
  const timing = epochs.map(({ epoch }) => ({ epoch, seconds: 0.01, samplesPerSecond: 1000 }));
  const experiment = {
    data: { monitor: 'validation', validation: 10 },
    loss: { kind: 'softmax-cross-entropy' },
  };
  return { epochs, timing, experiment, summary: { task: 'classes', bestEpoch: best } } as never;
}

const rowsOf = (text: string) =>
  [...text.matchAll(/<tr><th scope="row">(\d+)</g)].map(([, epoch]) => Number(epoch));

test('of a short run all epochs', () => {
  const [{ charts }, epochs] = [curveParts(facts(500, 3)), epochSection(facts(500, 3))];
  expect(rowsOf(epochs.text)).toHaveLength(500);
  expect(epochs.text).toContain('Every epoch');
  expect(charts[0]!.x).toHaveLength(500);
});

test('of a long one at most 500 rows, the first, the best and the last among them', () => {
  const [{ charts }, epochs] = [curveParts(facts(10_000, 4321)), epochSection(facts(10_000, 4321))];
  const rows = rowsOf(epochs.text);
  expect(rows.length).toBeLessThanOrEqual(500);
  expect(rows.length).toBeGreaterThan(450);
  for (const epoch of [1, 4321, 10_000]) expect(rows).toContain(epoch);
  expect(epochs.text).toContain(`${rows.length} of 10,000 rows`);
  expect(epochs.text).toContain('metrics.csv has all of them');
  for (const { x } of charts) expect(x.length).toBeLessThanOrEqual(2000);
  expect(charts[0]!.x).toContain(4321);
});

test('of a training under way the newest rows', () => {
  const { text } = newestEpochs(facts(1000, 3), 100);
  const epochs = [...text.matchAll(/<th scope="row">(\d+)</g)].map(([, epoch]) => Number(epoch));
  expect(epochs).toEqual(Array.from({ length: 100 }, (_, i) => 901 + i));
  expect(text).toContain('The newest 100 of 1,000 rows.');
  expect(newestEpochs(facts(100, 3), 100).text).not.toContain('newest');
});
