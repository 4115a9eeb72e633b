import { expect, test } from 'vitest';
import type { Objective } from '#lockstep/sweep/objective.js';
import { ranked, winnerOf } from '#lockstep/sweep/ranking.js';
import type { Status, TrialResult } from '#lockstep/sweep/trial.js';

const loss: Objective = { name: 'val_loss', goal: 'minimize' };
const accuracy: Objective = { name: 'val_accuracy', goal: 'maximize' };

function result(number: number, status: Status, value: number, epochs = 3): TrialResult {
  return { number, parameters: {}, status, epochs, value, deviation: 0, lines: [] };
}

const numbers = (results: readonly TrialResult[]) => results.map(({ number }) => number);

test('a trial that was stopped early cannot win while another finished, however good it was', () => {
  const stopped = result(1, 'stopped', 0.99, 2);
  const finished = result(2, 'finished', 0.5);
  const failed = result(3, 'failed', Number.NaN, 0);
  for (const results of [
    [stopped, finished, failed],
    [failed, finished, stopped],
  ]) {
    expect(winnerOf(accuracy, results)).toBe(finished);
    expect(numbers(ranked(accuracy, results))).toEqual([2, 1, 3]);
  }
  expect(winnerOf(loss, [result(1, 'stopped', 0.1, 2), result(2, 'finished', 5)])?.number).toBe(2);
});

test('without a trial that finished there is no winner', () => {
  expect(winnerOf(accuracy, [result(1, 'stopped', 0.9, 2), result(2, 'failed', Number.NaN, 0)])).toBe(
    undefined,
  );
  expect(winnerOf(accuracy, [])).toBe(undefined);
});

test('of the finished trials the best wins, of equal ones that with the smaller number', () => {
  const results = [result(4, 'finished', 0.5), result(2, 'finished', 0.75), result(1, 'finished', 0.75)];
  expect(numbers(ranked(accuracy, results))).toEqual([1, 2, 4]);
  expect(winnerOf(accuracy, results)?.number).toBe(1);
  expect(winnerOf(loss, results)?.number).toBe(4);
});

test('of the stopped trials the longest comes first, whatever its value', () => {
  const results = [
    result(1, 'stopped', 0.9, 1),
    result(2, 'stopped', 0.5, 4),
    result(3, 'stopped', 0.6, 4),
    result(4, 'finished', 0.1, 9),
  ];
  expect(numbers(ranked(accuracy, results))).toEqual([4, 3, 2, 1]);
});
