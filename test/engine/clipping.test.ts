// The order in which the squares of a clipped gradient are added, which float64 kernels show: in float32, a
// sum of so few is exact nearly always.
import { expect, test } from 'vitest';
import type { Optimizer } from '#lockstep/contracts/optimizer.js';
import { allocateImages } from '#lockstep/data/dataset.js';
import type { Kernels } from '#lockstep/kernels/kernels.js';
import { inlineNetwork } from '../support/inline-network.ts';
import { tinyExperiment } from '../support/tiny.ts';

const rows = 5;
const clipNorm = 0.01;
const samples = allocateImages(rows, 6);
samples.features.set(Array.from({ length: rows * 6 }, (_, i) => (i * 37) % 256));
samples.targets.set([0, 1, 2, 1, 0]);
const dense = (units: number | 'classes') => ({ kind: 'dense', units });

/** A block of a parameter as the optimizer gets it. */
interface Updated {
  isMatrix: boolean;
  square: number;
  scale: number;
}

/** The blocks of one step, each parameter a block, from weights that differ by attempt. */
function updatesOf(attempt: number): Updated[] {
  const updated: Updated[] = [];
  const recorder = ({ elements }: Kernels): Optimizer => ({
    update({ W, decays }, g, { scale }) {
      const count = W.runs * W.length;
      let square = 0;
      for (let i = 0; i < count; i++) square += elements[g + i]! * elements[g + i]!;
      updated.push({ isMatrix: decays, square, scale });
    },
  });
  const experiment = tinyExperiment({
    model: [dense(5), 'relu', dense(4), 'relu', dense('classes')],
    // What decays and what does not tells matrices from biases.
    optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0.1, decayExempt: 'biases', clipNorm },
  });
  const net = inlineNetwork(experiment, { kernels: 'reference', samples, classes: 3, optimizer: recorder });
  net.setParameters(
    net.parameters().map((values, p) => values.map((_, i) => Math.cos(attempt + 17 * p + 3 * i + i * i))),
  );
  net.step();
  return updated;
}

function scaleOf(squares: readonly number[]): number {
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) / rows;
  return clipNorm / norm / rows;
}

test('the squares of the matrices are added first, those of the biases after them', () => {
  let told = 0;
  for (let attempt = 0; attempt < 100; attempt++) {
    const updated = updatesOf(attempt);
    const squares = (matrices: boolean) =>
      updated.filter(({ isMatrix }) => isMatrix === matrices).map(({ square }) => square);
    const expected = scaleOf([...squares(true), ...squares(false)]);
    expect(updated.map(({ scale }) => scale)).toEqual(updated.map(() => expected));
    if (scaleOf([...squares(false), ...squares(true)]) !== expected) told++;
  }
  // There are attempts in which the other order gives another scale.
  expect(told).toBeGreaterThan(10);
});
