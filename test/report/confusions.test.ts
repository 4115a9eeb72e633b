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
  expect(readConfusion('actual,0,1,2\n0,8,2,0\n1,5,5,0\n2,1,2,7\n', {})).toEqual(confusion);
});

test('empty cells of metrics.csv are no figures, and a torn last row is as far as it goes', () => {
  const header =
    'epoch,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,val_precision,val_recall,val_f1\n';
  const [whole, torn] = readMetrics(`${header}0.5,0.1,2,0.25,,,,,\n1,0.1,1.5`);
  expect(whole).toEqual({
    epoch: 0.5,
    learningRate: 0.1,
    train: { loss: 2, accuracy: 0.25 },
    validation: undefined,
  });
  expect(torn).toEqual({ epoch: 1, learningRate: 0.1, train: { loss: 1.5 }, validation: undefined });
});
