// Shared memory of values: a network is acted out with names instead of numbers. A node that reads a place
// must find the name that it expects there.
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import { type Stream, stream } from '#lockstep/foundation/random.js';
import { type NetworkPlan, planNetwork } from '#lockstep/model/network.js';
import { dataShape } from '../support/tiny.ts';

const width = 6;
const dense = { kind: 'dense', units: width, initializer: { kind: 'zeros' } };
const relu = { kind: 'relu' };
const gelu = { kind: 'gelu' };
const dropout = { kind: 'dropout', rate: 0.5 };
const batchNorm = { kind: 'batch-norm', momentum: 0.1, epsilon: 1e-5 };
const residual = (layers: KindConfig[], shortcut: KindConfig[] = []) =>
  ({ kind: 'residual', layers, shortcut }) as object as KindConfig;

const plan = (...model: KindConfig[]) =>
  planNetwork([...model, dense], dataShape({ inputs: width, classes: width }));

/** What a place should hold and does not. */
function actOut({ nodes, values }: NetworkPlan): string[] {
  const faults: string[] = [];
  const [memory, gradients] = [new Map<number, string>(), new Map<number, string>()];
  // The values that a fork gives are x itself, and the gradients that a join gets are that of the sum.
  const named = values.map((_, value) => `value ${value}`);
  const dNamed = values.map((_, value) => `d value ${value}`);
  for (const { role, x, y, other } of nodes) if (role === 'fork') named[y] = named[other!] = named[x]!;
  for (const { role, x, y, other } of [...nodes].reverse()) {
    if (role === 'join') dNamed[x] = dNamed[other!] = dNamed[y]!;
  }
  const read = (who: string, value: number) => {
    const found = memory.get(values[value]!.storage);
    if (found !== named[value]) faults.push(`${who} expects ${named[value]}, finds ${found}`);
  };
  const readGradient = (who: string, value: number) => {
    const found = gradients.get(values[value]!.gradient);
    if (found !== dNamed[value]) faults.push(`${who} expects ${dNamed[value]}, finds ${found}`);
  };

  memory.set(values[0]!.storage, named[0]!);
  for (const { role, path, x, y, other } of nodes) {
    read(`${path} ${role}`, x);
    if (role === 'join') read(`${path} join`, other!);
    memory.set(values[y]!.storage, named[y]!);
  }
  gradients.set(values.at(-1)!.gradient, dNamed.at(-1)!);
  for (const { role, path, plan, x, y, other } of [...nodes].reverse()) {
    const who = `${path} ${role} backward`;
    if (!values[y]!.differentiated) continue;
    readGradient(who, y);
    if (role === 'fork') readGradient(who, other!);
    if (plan.reads.x && role === 'layer') read(who, x);
    if (plan.reads.y && role === 'layer') read(who, y);
    if (values[x]!.differentiated && role !== 'join') gradients.set(values[x]!.gradient, dNamed[x]!);
  }
  // The parameters' gradients come last, from x and dy.
  for (const { path, plan, x, y } of nodes) {
    if (plan.parameters.length === 0) continue;
    readGradient(`${path} gradients`, y);
    if (plan.reads.x) read(`${path} gradients`, x);
  }
  return faults;
}

/** A model of random layers, blocks within blocks. */
function randomModel(random: Stream, depth: number): KindConfig[] {
  const kinds = [dense, relu, relu, gelu, dropout, batchNorm];
  return Array.from({ length: 1 + random.below(4) }, () => {
    if (depth > 0 && random.below(3) === 0) {
      const shortcut = random.below(2) === 0 ? [] : randomModel(random, depth - 1);
      return residual(randomModel(random, depth - 1), shortcut);
    }
    return kinds[random.below(kinds.length)]!;
  });
}

test.each(Array.from({ length: 300 }, (_, seed) => seed))('random network %i finds what it left', (seed) => {
  const network = plan(...randomModel(stream(seed, 'storage'), 3));
  expect(actOut(network)).toEqual([]);
});

describe('memory is shared', () => {
  const places = (network: NetworkPlan) => network.values.map(({ storage }) => storage);

  test('by what works in place, and by nobody else', () => {
    expect(places(plan(dense, dropout, relu))).toEqual([0, 1, 1, 1, 2]);
    expect(places(plan(dense, gelu))).toEqual([0, 1, 2, 3]);
  });

  test('not if the layer before needs its output, as a rectifier does', () => {
    expect(places(plan(dense, relu, relu))).toEqual([0, 1, 1, 2, 3]);
  });

  test('never with the samples', () => {
    expect(places(plan(relu))).toEqual([0, 1, 2]);
  });

  test('by the two paths of a block and what goes into it; the sum lies apart', () => {
    const network = plan(dense, residual([dense]));
    // samples, dense, two branches, dense of the path, sum, logits
    expect(places(network)).toEqual([0, 1, 1, 1, 2, 3, 4]);
    const [path, shortcut, sum] = [4, 3, 5].map((value) => network.values[value]!.gradient);
    expect([path, shortcut]).toEqual([sum, sum]);
  });
});
