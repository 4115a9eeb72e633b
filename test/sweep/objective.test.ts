import { expect, test } from 'vitest';
import type { Figures } from '#lockstep/contracts/figures.js';
import {
  checkObjective,
  compare,
  figureOf,
  isObjective,
  type Objective,
  objectives,
  reaches,
} from '#lockstep/sweep/objective.js';

const loss: Objective = { name: 'val_loss', goal: 'minimize' };
const accuracy: Objective = { name: 'val_accuracy', goal: 'maximize' };

test('each objective is the figure of its name', () => {
  const figures = Object.fromEntries(objectives().map((name, i) => [name.replace('val_', ''), i]));
  const found = objectives().map((name) => figureOf({ ...accuracy, name }, figures as Figures));
  expect(found).toEqual([...objectives().keys()]);
  expect(objectives()).toContain('val_f1');
  expect(objectives()).toContain('val_r2');
  expect(figureOf({ ...accuracy, name: 'val_r2' }, { loss: 1, accuracy: 2 })).toBeNaN();
});

test('figures of the training or the test images are no objectives', () => {
  for (const name of ['accuracy', 'train_accuracy', 'test_accuracy', 'train_loss', 'test_loss', 'val_']) {
    expect(isObjective(name), name).toBe(false);
  }
});

test('the better value comes first, and what is no number last', () => {
  const values = [0.5, Number.NaN, 0.25, 0.75];
  expect(values.toSorted((a, b) => compare(loss, a, b))).toEqual([0.25, 0.5, 0.75, Number.NaN]);
  expect(values.toSorted((a, b) => compare(accuracy, a, b))).toEqual([0.75, 0.5, 0.25, Number.NaN]);
});

test('a target is reached by a value that is as good', () => {
  const reached = (objective: Objective) => [0.25, 0.5, 0.75, Number.NaN].map((v) => reaches(objective, v));
  expect(reached({ ...loss, target: 0.5 })).toEqual([true, true, false, false]);
  expect(reached({ ...accuracy, target: 0.5 })).toEqual([false, true, true, false]);
  expect(reached(loss)).toEqual([false, false, false, false]);
});

test('an objective must be a figure of what the data has to predict', () => {
  for (const name of ['val_loss', 'val_r2']) expect(() => checkObjective({ name }, 'values')).not.toThrow();
  expect(() => checkObjective({ name: 'val_f1' }, 'values')).toThrow(
    'sweep.metric.name: expected one of val_loss, val_rmse, val_mae, val_r2, ' +
      'because the data has values to predict, got val_f1',
  );
});
