import { expect, test } from 'vitest';
import { confusionsOf } from '#lockstep/report/confusions.js';
import { readConfusion, readMetrics } from '#lockstep/run/run-tables.js';

const confusion = { classes: 3, counts: Uint32Array.from([8, 2, 0, 5, 5, 0, 1, 2, 7]) };

test('confusions come by their count, then in the order of the matrix', () => {
  expect(confusionsOf(confusion)).toEqual([
    { actual: 1, predicted: 0, count: 5, share: 0.5 },
    { actual: 0, predicted: 1, count: 2, share: 0.2 },
    { actual: 2, predicted: 1, count: 2, share: 0.2 },
    { actual: 2, predicted: 0, count: 1, share: 0.1 },
  ]);
});

test('confusion.csv is read as it was written', () => {
  expect(readConfusion('confusion.csv', 'actual,0,1,2\n0,8,2,0\n1,5,5,0\n2,1,2,7\n', {})).toEqual(confusion);
});

test('empty cells of metrics.csv are no figures, a torn last row is left out, and others are damage', () => {
  const header =
    'epoch,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,val_precision,val_recall,val_f1\n';
  const read = (rows: string) => readMetrics('metrics.csv', header + rows);
  const [whole, torn] = read('0.5,0.1,2,0.25,,,,,\n1,0.1,1.5');
  expect(whole).toEqual({
    epoch: 0.5,
    learningRate: 0.1,
    train: { loss: 2, accuracy: 0.25 },
    validation: undefined,
  });
  // Torn when the training was killed.
  expect(torn).toBeUndefined();
  const damage = (row: string) => `metrics.csv:2: expected 9 numbers, got "${row}"; the file is damaged`;
  for (const row of ['0.5,0.1,2,x,,,,,', '1,0.1,1.5', '1,0.1,NaN,0.25,,,,,', '']) {
    expect(() => read(`${row}\n`), row).toThrow(damage(row));
  }
});
