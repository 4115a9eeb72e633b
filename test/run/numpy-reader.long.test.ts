// As numpy-reader.test.ts, with other optimizers.
import { describe, test } from 'vitest';
import { expectSlots, python } from '../support/numpy-reader.ts';

describe.skipIf(python === undefined)('a checkpoint', () => {
  test.each<[optimizer: string, names: string[]]>([
    ['sgd', []],
    ['rmsprop', ['mean_square']],
  ])('with the slots of %s', expectSlots);
});
