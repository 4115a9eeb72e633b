// docs/how-it-works.md is right: its JavaScript is run line by line and compared with Lockstep's own code.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allocateImages } from '#lockstep/data/dataset.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import type { Matrix } from '#lockstep/foundation/shapes.js';
import type { Window } from '#lockstep/foundation/window.js';
import { convolutionRoom } from '#lockstep/kernels/convolution-room.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { parameterCount, planNetwork } from '#lockstep/model/network.js';
import { weightsDigest } from '#lockstep/model/weights.js';
import { captureGradient } from '#lockstep/training/one-step.js';
import { inlineNetwork } from '../support/inline-network.ts';
import { kernelSpace, placesOf, vectorPlaces } from '../support/kernel-space.ts';
import { runTrain } from '../support/run-cli.ts';
import { dataShape, tinyExperiment } from '../support/tiny.ts';
import { error } from '../support/vectors.ts';

const text = readFileSync(new URL('../../docs/how-it-works.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code!);

interface Claim {
  line: string;
  sign: string;
  said: unknown;
  /** Digits after the point of the first claimed number. */
  digits: number;
  found: unknown;
}

/** The names that the page defines. */
interface Scope {
  [name: string]: unknown;
  z: number[][];
  losses: number[];
  dW1: number[][];
  db1: number[];
  dW2: number[][];
  db2: number[];
  after: { W1: number[][]; b1: number[]; W2: number[][]; b2: number[] };
  feature: { x: number[]; dy: number[]; gamma: number; beta: number; epsilon: number };
  normalised: { m: number; v: number; y: number[]; dbeta: number; dgamma: number; dx: number[] };
  sample: { x: number[]; dy: number[]; gamma: number[]; beta: number[]; epsilon: number };
  row: { y: number[]; dx: number[] };
  convolve: (x: number[][], W: number[][]) => number[][];
  picture: number[][];
  kernel: number[][];
  dConvolved: number[][];
  dKernel: number[][];
  dPicture: number[][];
  rectified: number[][];
  dPooled: number[][];
  largest: number[][];
  dLargest: number[][];
  dAverage: number[][];
  rules: Record<string, (w: number, g: number, state: object, t: number) => number>;
  descend: (rule: unknown) => number[];
  gradients: number[];
  weights: number[][];
  gradientWith: (threads: number, rows: number[]) => number;
  digest: (numbers: number[]) => string;
}

/** Runs all blocks as one program. Each line that ends with a claim is passed to `check`. */
function runPage(): { claims: Claim[]; scope: Scope } {
  const claims: Claim[] = [];
  const check = (line: string, sign: string, said: string, found: unknown) => {
    const digits = (/\.(\d+)/.exec(said)?.[1] ?? '').length;
    claims.push({ line, sign, said: new Function(`return ${said}`)(), digits, found });
  };
  const claim = /^(\S.*?);? \/\/ ([=≈]) (.*)$/gm;
  const code = blocks.join('\n').replaceAll(claim, (_, expression, sign, said) => {
    const told = [expression, sign, said].map((part) => JSON.stringify(part)).join(', ');
    return `check(${told}, ${expression});`;
  });
  const names = [...code.matchAll(/^(?:const|let|function) (?:([A-Za-z]\w*)|[[{](.*?)[\]}] =)/gm)]
    .flatMap(([, one, several]) => one ?? several!.split(','))
    .map((name) => name.trim());
  const scope = new Function('check', `'use strict';\n${code}\nreturn { ${names.join(', ')} };`)(check);
  return { claims, scope: scope as Scope };
}

const { claims, scope } = runPage();

describe('every result that is written on the page', () => {
  test('there are some', () => {
    expect(claims.length).toBe([...text.matchAll(/^\S.* \/\/ [=≈] /gm)].length);
    expect(claims.length).toBeGreaterThan(40);
  });

  test.each(claims.map((claim) => [`${claim.line} ${claim.sign}`, claim] as const))('%s', (_, claim) => {
    const { sign, said, found, digits } = claim;
    if (sign === '=') {
      expect(JSON.stringify(found)).toBe(JSON.stringify(said));
    } else {
      const [a, b] = [found, said].map((value) => [value].flat(2) as number[]);
      expect(a!.length).toBe(b!.length);
      // Half of the last digit, and the rounding of the decimal notation itself.
      for (const [i, value] of a!.entries()) {
        expect(Math.abs(value - b![i]!)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-12);
      }
    }
  });
});

describe('Lockstep’s own code gives the same', () => {
  const model = [{ kind: 'dense', units: 2 }, 'relu', { kind: 'dense', units: 'classes' }];
  const experiment = tinyExperiment({ model, optimizer: { kind: 'sgd', learningRate: 0.5 } });
  const samples = allocateImages(2, 2);
  samples.features.set((scope.x as number[][]).flat().map((value) => Math.round(value * 255)));
  samples.targets.set(scope.labels as number[]);
  const { W1, b1, W2, b2 } = scope as unknown as Scope['after'];
  const start = [W1.flat(), b1, W2.flat(), b2];
  const settings = { kernels: 'reference', samples, classes: 2 } as const;

  test('logits, loss and gradients of the network', () => {
    const net = inlineNetwork(experiment, { ...settings, optimizer: captureGradient });
    net.setParameters(start);
    const { z, losses, dW1, db1, dW2, db2 } = scope;
    expect(error([net.step()], [(losses[0]! + losses[1]!) / 2])).toBeLessThan(1e-14);
    expect(error(net.logits(), z.flat())).toBeLessThan(1e-14);
    const averages = [dW1.flat(), db1, dW2.flat(), db2].map((sums) => sums.map((value) => value / 2));
    for (const [p, found] of net.slot().entries()) expect(error(found, averages[p]!)).toBeLessThan(1e-14);
  });

  test('a step of gradient descent', () => {
    const net = inlineNetwork(experiment, settings);
    net.setParameters(start);
    net.step();
    const { W1, b1, W2, b2 } = scope.after;
    const after = [W1.flat(), b1, W2.flat(), b2];
    for (const [p, found] of net.parameters().entries()) expect(error(found, after[p]!)).toBeLessThan(1e-14);
  });

  test('batch normalisation', () => {
    const { x, dy, gamma, beta, epsilon } = scope.feature;
    const { kernels, elements, matrix, vector } = kernelSpace('reference', 10_000);
    const rows = { first: 0, count: x.length };
    const features = { first: 0, count: 1 };
    const [X, Y, DY, DX] = [0, 0, 0, 0].map(() => matrix(rows.count, 1));
    const [mean, variance, G, B, dgamma, dbeta] = [0, 0, 0, 0, 0, 0].map(() => vector(1));
    const numbers = (of: typeof X) => placesOf(of!, rows.count).map((at) => elements[at]!);
    for (const [i, at] of placesOf(X!, rows.count).entries()) elements[at] = x[i]!;
    for (const [i, at] of placesOf(DY!, rows.count).entries()) elements[at] = dy[i]!;
    elements[G!.offset] = gamma;
    elements[B!.offset] = beta;
    kernels.moments(X!, rows, features, mean!, variance!);
    const by = { mean: mean!, variance: variance!, epsilon };
    kernels.normalize(X!, by, G!, B!, Y!, rows);
    kernels.normalizeSums(X!, DY!, by, rows, features, dgamma!, dbeta!);
    kernels.normalizeBackward(X!, DY!, by, G!, dgamma!, dbeta!, DX!, rows, rows.count);
    const { m, v, y, dx, ...sums } = scope.normalised;
    expect([elements[mean!.offset], elements[variance!.offset]]).toEqual([m, v]);
    expect([elements[dgamma!.offset], elements[dbeta!.offset]]).toEqual([sums.dgamma, sums.dbeta]);
    expect(error(numbers(Y), y)).toBeLessThan(1e-14);
    expect(error(numbers(DX), dx)).toBeLessThan(1e-14);
  });

  test('layer normalisation', () => {
    const { x, dy, gamma, beta, epsilon } = scope.sample;
    const { kernels, elements, matrix, vector } = kernelSpace('reference', 10_000);
    const n = x.length;
    const [X, Y, DY, DX] = [0, 0, 0, 0].map(() => matrix(1, n));
    const [G, B] = [vector(n), vector(n)];
    const put = (places: number[], values: number[]) => {
      for (const [i, at] of places.entries()) elements[at] = values[i]!;
    };
    put(placesOf(X!, 1), x);
    put(placesOf(DY!, 1), dy);
    put(vectorPlaces(G), gamma);
    put(vectorPlaces(B), beta);
    const one = { first: 0, count: 1 };
    kernels.normalizeRows(X!, epsilon, G, B, Y!, one);
    kernels.normalizeRowsBackward(X!, DY!, epsilon, G, DX!, one);
    expect(error([...elements.subarray(Y!.offset, Y!.offset + n)], scope.row.y)).toBeLessThan(1e-14);
    expect(error([...elements.subarray(DX!.offset, DX!.offset + n)], scope.row.dx)).toBeLessThan(1e-14);
  });

  test('a convolution and its gradients', () => {
    const { kernels, elements, matrix, panels, room } = kernelSpace('reference', 10_000);
    const [X, Y, DY, DX] = [16, 4, 4, 16].map((columns) => matrix(1, columns));
    const W = panels(9, 1, 8);
    const one = { first: 0, count: 1 };
    const g = room(9 * 8);
    const window: Window = {
      input: { height: 4, width: 4, channels: 1 },
      output: { height: 2, width: 2, channels: 1 },
      ...{ kernel: [3, 3], stride: [1, 1], dilation: [1, 1], before: [0, 0], groups: 1 },
    };
    const { picture, kernel, dConvolved } = scope;
    for (const [i, value] of picture.flat().entries()) elements[X!.offset + i] = value;
    for (const [i, value] of kernel.flat().entries()) elements[W.offset + 8 * i] = value;
    for (const [i, value] of dConvolved.flat().entries()) elements[DY!.offset + i] = value;
    const scratch = room(convolutionRoom(window));
    kernels.convolve(X!, W, undefined, Y!, window, one, scratch);
    kernels.convolveBackward(DY!, W, DX!, window, one, scratch);
    const block = { first: 0, count: 9 };
    kernels.convolveWeights(X!, DY!, one, W, block, { offset: g, add: false }, window, scratch);
    const row = ({ offset, columns }: Matrix) => [...elements.subarray(offset, offset + columns)];
    expect(row(Y!)).toEqual(scope.convolve(picture, kernel).flat());
    expect(row(DX!)).toEqual(scope.dPicture.flat());
    expect(block9(elements, g)).toEqual(scope.dKernel.flat());
  });

  test('pools and their gradients', () => {
    const { kernels, elements, matrix } = kernelSpace('reference', 10_000);
    const [X, Y, DY, DX] = [16, 4, 4, 16].map((columns) => matrix(1, columns));
    const one = { first: 0, count: 1 };
    const window: Window = {
      input: { height: 4, width: 4, channels: 1 },
      output: { height: 2, width: 2, channels: 1 },
      ...{ kernel: [2, 2], stride: [2, 2], dilation: [1, 1], before: [0, 0], groups: 1 },
    };
    for (const [i, value] of scope.rectified.flat().entries()) elements[X!.offset + i] = value;
    for (const [i, value] of scope.dPooled.flat().entries()) elements[DY!.offset + i] = value;
    const row = ({ offset, columns }: Matrix) => [...elements.subarray(offset, offset + columns)];
    kernels.maxPool(X!, Y!, window, one);
    kernels.maxPoolBackward(X!, DY!, DX!, window, one);
    expect(row(Y!)).toEqual(scope.largest.flat());
    expect(row(DX!)).toEqual(scope.dLargest.flat());
    kernels.averagePoolBackward(DY!, DX!, window, one);
    expect(row(DX!)).toEqual(scope.dAverage.flat());
  });

  const moments = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
  test.each<[string, object]>([
    ['sgd', { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }],
    ['momentum', { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 }],
    ['nesterov', { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0 }],
    ['rmsprop', { kind: 'rmsprop', rho: 0.9, epsilon: 1e-8, weightDecay: 0 }],
    ['adam', { kind: 'adam', ...moments, weightDecay: 0 }],
    ['adamw', { kind: 'adamw', ...moments, weightDecay: 0.5 }],
  ])('two steps of %s', (name, settings) => {
    const config = settings as { kind: string };
    const kind = catalogue.optimizer.get(config.kind)!;
    const { kernels, elements, room } = kernelSpace('reference', 10_000);
    const pieces = () => ({ offset: room(1), runs: 1, length: 1, stride: 1 });
    const W = pieces();
    const slots = kind.slots(config).map(pieces);
    const g = room(1);
    const { update } = kind.build(config, kernels);
    elements[W.offset] = 1;
    const found = scope.gradients.map((gradient, step) => {
      elements[g] = gradient;
      update({ W, slots, decays: true }, g, { scale: 1, learningRate: 0.1, step });
      return elements[W.offset]!;
    });
    expect(error(found, scope.descend(scope.rules[name]))).toBeLessThan(1e-14);
  });

  test('sums over rows in float32, in the order of the rows', () => {
    const { kernels, elements, matrix, room } = kernelSpace('wasm', 100_000);
    const sums = (rows: number[][]): number[] => {
      const dy = matrix(rows.length, rows[0]!.length);
      const values = rows.flat();
      for (const [i, at] of placesOf(dy, rows.length).entries()) elements[at] = values[i]!;
      const g = room(dy.columns);
      const block = { first: 0, count: dy.columns };
      kernels.columnSums(dy, { first: 0, count: rows.length }, block, { offset: g, add: false });
      return [...elements.subarray(g, g + dy.columns)];
    };
    const { big, one } = scope as unknown as Record<'big' | 'one', number>;
    expect(sums([[big], [one], [one]])).toEqual([16777216]);
    expect(sums([[one], [one], [big]])).toEqual([16777218]);
    const columns = scope.weights.slice(0, 200);
    const rows = columns[0]!.map((_, r) => columns.map((column) => column[r]!));
    expect(sums(rows)).toEqual(columns.map((column) => scope.gradientWith(1, column)));
  });

  test('digests', () => {
    const values = Float32Array.of(scope.weight as number, 0.5, -1);
    expect(weightsDigest([{ id: 'x', shape: [3], values }]).slice(0, 16)).toBe(scope.digest([...values]));
  });

  test('the number of weights of the default network', () => {
    const file = readFileSync(new URL('../../experiments/mnist.yaml', import.meta.url), 'utf8');
    const { experiment } = readExperiment(file, { file: 'mnist.yaml', name: 'mnist' });
    expect(parameterCount(planNetwork(experiment.model, dataShape({ inputs: 784, classes: 10 })))).toBe(
      101_770,
    );
    expect(text).toContain('101,770');
  });
});

/** Nine numbers of the first column of a panel. */
function block9(elements: ArrayLike<number>, offset: number): number[] {
  return Array.from({ length: 9 }, (_, i) => elements[offset + 8 * i]!);
}

test('what `train explain` prints on the page is what it prints', async () => {
  const [, command, shown] = /^```\n\$ npx train (explain .*)\n([^`]*)^```$/m.exec(text)!;
  const { code, stdout } = await runTrain(command!.split(' '));
  expect(code).toBe(0);
  const parts = shown!.split(/^…\n/m).filter((part) => part !== '');
  expect(parts.length).toBeGreaterThan(1);
  let at = 0;
  for (const part of parts) {
    const found = stdout.indexOf(part, at);
    expect(found, `${part}is not in\n${stdout.slice(at)}`).toBeGreaterThanOrEqual(0);
    at = found + part.length;
  }
});
