// Which format the plan grants each weight matrix: which layers skip zeros.
import { expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import { planNetwork } from '#lockstep/model/network.js';
import { dataShape } from '../support/tiny.ts';

const dense = (units: number): KindConfig => ({ kind: 'dense', units, initializer: { kind: 'zeros' } });
const [relu, dropout] = [{ kind: 'relu' }, { kind: 'dropout', rate: 0.5 }];
const block = (...layers: KindConfig[]) =>
  ({ kind: 'residual', layers, shortcut: [] }) as unknown as KindConfig;

const short = { samples: 'S', rectified: 'R', dense: 'D' };
/** The format of each weight matrix, by its first letter. */
const formats = (...model: KindConfig[]) =>
  planNetwork([...model, dense(10)], dataShape({ inputs: 784, classes: 10 }))
    .parameters.filter(({ shape }) => shape.length === 2)
    .map(({ format }) => short[format!]);

test.each<[string, KindConfig[], string[]]>([
  ['that read the samples do, however narrow', [dense(5)], ['S', 'D']],
  [
    'behind a rectifier do, if they have 64 units',
    [dense(64), relu, dense(63), relu, dense(64)],
    ['S', 'D', 'R', 'D'],
  ],
  [
    'whose last panel would be mostly empty do not',
    [dense(64), relu, dense(100), relu, dense(120)],
    ['S', 'D', 'R', 'D'],
  ],
  [
    'behind other activations do not',
    [dense(64), { kind: 'leaky-relu', slope: 0.2 }, dense(64)],
    ['S', 'D', 'D'],
  ],
  ['behind dropout do if it is behind a rectifier', [dense(64), relu, dropout, dense(64)], ['S', 'R', 'D']],
  ['behind dropout alone do not', [dense(64), dropout, dense(64)], ['S', 'D', 'D']],
  [
    'behind a normalisation do not',
    [dense(64), relu, { kind: 'layer-norm', epsilon: 1e-5 }, dense(64)],
    ['S', 'D', 'D'],
  ],
  [
    'at the beginning of a path do as before it',
    [dense(64), relu, block(dense(64), relu, dense(64))],
    ['S', 'R', 'R', 'D'],
  ],
  [
    'behind the end of two paths do not',
    [dense(64), relu, block(dense(64), relu), dense(64)],
    ['S', 'R', 'D', 'D'],
  ],
])('layers %s', (_, model, expected) => {
  expect(formats(...model)).toEqual(expected);
});
