// Which layers skip zeros: those whose weights lie in panels of 32.
import { expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import { planNetwork } from '#lockstep/model/network.js';

const dense = (units: number): KindConfig => ({ kind: 'dense', units, initializer: { kind: 'zeros' } });
const [relu, dropout] = [{ kind: 'relu' }, { kind: 'dropout', rate: 0.5 }];
const block = (...layers: KindConfig[]) =>
  ({ kind: 'residual', layers, shortcut: [] }) as unknown as KindConfig;

/** Columns a panel of each weight matrix. */
const widths = (...model: KindConfig[]) =>
  planNetwork([...model, dense(10)], { inputs: 784, classes: 10 })
    .parameters.filter(({ shape }) => shape.length === 2)
    .map(({ width }) => width);

test.each<[string, KindConfig[], number[]]>([
  ['that read the samples do, however narrow', [dense(5)], [32, 8]],
  [
    'behind a rectifier do, if they have 64 units',
    [dense(64), relu, dense(63), relu, dense(64)],
    [32, 8, 32, 8],
  ],
  [
    'whose last panel would be mostly empty do not',
    [dense(64), relu, dense(100), relu, dense(120)],
    [32, 8, 32, 8],
  ],
  ['behind other activations do not', [dense(64), { kind: 'leaky-relu', slope: 0.2 }, dense(64)], [32, 8, 8]],
  ['behind dropout do if it is behind a rectifier', [dense(64), relu, dropout, dense(64)], [32, 32, 8]],
  ['behind dropout alone do not', [dense(64), dropout, dense(64)], [32, 8, 8]],
  [
    'behind a normalisation do not',
    [dense(64), relu, { kind: 'layer-norm', epsilon: 1e-5 }, dense(64)],
    [32, 8, 8],
  ],
  [
    'at the beginning of a path do as before it',
    [dense(64), relu, block(dense(64), relu, dense(64))],
    [32, 32, 32, 8],
  ],
  [
    'behind the end of two paths do not',
    [dense(64), relu, block(dense(64), relu), dense(64)],
    [32, 32, 8, 8],
  ],
])('layers %s', (_, model, expected) => {
  expect(widths(...model)).toEqual(expected);
});
