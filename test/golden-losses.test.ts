// The losses of values and flags, and class weights, compared with PyTorch in float64
// (test/vectors/losses.py): at its logits, and through a small network.
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import type { Targets, Task } from '#lockstep/contracts/task.js';
import { allocateSamples, type Features } from '#lockstep/data/dataset.js';
import type { Signature } from '#lockstep/data/split.js';
import { buildLoss } from '#lockstep/engine/build-loss.js';
import type { Matrix, Vector } from '#lockstep/foundation/shapes.js';
import { captureGradient } from '#lockstep/training/one-step.js';
import { inlineNetwork } from './support/inline-network.ts';
import { kernelSpace, placesOf, vectorPlaces } from './support/kernel-space.ts';
import { tinyExperiment } from './support/tiny.ts';
import { error, readVectors } from './support/vectors.ts';

interface Golden {
  inputs: number[];
  values: number[];
  flags: number[];
  labels: number[];
  ids: string[];
  parameters: number[][];
  logits: number[];
  learningRate: number;
  momentum: number;
  cases: Case[];
}

interface Case {
  task: Task;
  config: KindConfig;
  /** By class; empty: none. */
  weights: number[];
  /** The loss of each sample, and its gradient. (rows), (rows, outputs) */
  each: number[];
  dz: number[];
  /** Of the minibatch. */
  gradients: number[][];
  /** Of three steps, and the parameters after them. */
  losses: number[];
  after: number[][];
}

const golden = readVectors<Golden>('losses');
const [rows, columns, outputs] = [golden.labels.length, 5, 3];
const model = [{ kind: 'dense', units: 6 }, 'tanh', { kind: 'dense', units: 'targets' }];
const names = ['a', 'b', 'c'];
const targets: Record<Task, Targets> = {
  classes: { kind: 'classes', count: outputs },
  values: { kind: 'values', names },
  flags: { kind: 'flags', names },
};
const asked: Record<Task, number[]> = { classes: golden.labels, values: golden.values, flags: golden.flags };

/** Numbers that are neither shifted nor scaled. */
const inputNames = Array.from({ length: columns }, (_, c) => `x${c}`);
const features: Features = {
  kind: 'floats',
  shape: [columns],
  columns: inputNames.map((name) => ({ kind: 'number', name })),
};
const signatureOf = (task: Task): Signature => ({
  features,
  targets: targets[task],
  preparation: {
    kind: 'columns',
    columns: inputNames.map((name) => ({ kind: 'number', name, shift: 0, scale: 1 })),
  },
  unit: { mean: names.map(() => 0), deviation: names.map(() => 1) },
});

const numbers = [
  { kernels: 'reference', bound: 1e-12 },
  // Sums have at most 9 terms, and numbers are at most 4. Three steps of two layers make some 100 roundings.
  { kernels: 'wasm', bound: 64 * 2 ** -24 },
] as const;
const cases = golden.cases.map((one) => {
  const weighted = one.weights.length > 0 ? ' with class weights' : '';
  return [`${JSON.stringify(one.config)} of ${one.task}${weighted}`, one] as const;
});

describe.each(numbers)('$kernels kernels, within $bound of PyTorch', ({ kernels: name, bound }) => {
  describe.each(cases)('%s', (_, { task, config, weights, each, dz: slopes, gradients, losses, after }) => {
    test('the loss of each sample, and its gradient', () => {
      const space = kernelSpace(name, 10_000);
      const [z, dz, target] = [0, 0, 0].map(() => space.matrix(rows, outputs)) as [Matrix, Matrix, Matrix];
      const [loss, label, predicted] = [0, 0, 0].map(() => space.vector(rows)) as [Vector, Vector, Vector];
      const classWeights = space.vector(outputs);
      const { elements, kernels } = space;
      for (const [i, place] of placesOf(z, rows).entries()) elements[place] = golden.logits[i]!;
      const places = task === 'classes' ? vectorPlaces(label) : placesOf(target, rows);
      for (const [i, place] of places.entries()) elements[place] = asked[task][i]!;
      elements.set(weights, classWeights.offset);
      const site = { kernels, z, dz, target, loss, label, predicted };
      buildLoss(config, task, site, weights.length > 0 ? classWeights : undefined).rows({
        first: 0,
        count: rows,
      });
      const read = (found: number[]) => found.map((place) => elements[place]!);
      expect(error(read(vectorPlaces(loss)), each)).toBeLessThan(bound);
      expect(error(read(placesOf(dz, rows)), slopes)).toBeLessThan(bound);
    });

    const { learningRate, momentum } = golden;
    const settings = { model, loss: config, optimizer: { kind: 'sgd', learningRate, momentum } };
    const samples = allocateSamples(rows, features, targets[task]);
    samples.features.set(golden.inputs);
    samples.targets.set(asked[task]);
    const classWeights = weights.length > 0 ? { classWeights: weights } : {};
    const data = { kernels: name, samples, signature: signatureOf(task), ...classWeights };

    test('logits, loss and gradients of a network', () => {
      const net = inlineNetwork(tinyExperiment(settings), { ...data, optimizer: captureGradient });
      net.setParameters(golden.parameters);
      expect(net.ids).toEqual(golden.ids);
      expect(error([net.step()], losses.slice(0, 1))).toBeLessThan(bound);
      expect(error(net.logits(), golden.logits)).toBeLessThan(bound);
      for (const [p, gradient] of net.slot().entries()) {
        expect(error(gradient, gradients[p]!), golden.ids[p]!).toBeLessThan(bound);
      }
    });

    test('three steps of SGD with momentum', () => {
      const net = inlineNetwork(tinyExperiment(settings), data);
      net.setParameters(golden.parameters);
      for (const loss of losses) expect(error([net.step()], [loss])).toBeLessThan(bound);
      for (const [p, found] of net.parameters().entries()) {
        expect(error(found, after[p]!), golden.ids[p]!).toBeLessThan(bound);
      }
    });
  });
});
