// Permutation importance: a column that decides all, one that decides nothing, and what is drawn.
import { describe, expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import { allocateSamples, type Features, type Samples } from '#lockstep/data/dataset.js';
import { permutationImportance } from '#lockstep/training/importance.js';
import type { TrainedModel } from '#lockstep/training/trained-model.js';

const features: Features = {
  kind: 'floats',
  shape: [3],
  columns: [
    { kind: 'number', name: 'idle' },
    { kind: 'number', name: 'sign' },
    { kind: 'category', name: 'word', words: ['a', 'b'] },
  ],
};

/** Samples whose class is the sign of the second column. Every third cell of the first is missing. */
function signs(count: number): Samples {
  const samples = allocateSamples(count, features, { kind: 'classes', count: 2 });
  for (let i = 0; i < count; i++) {
    samples.features.set([i % 3 === 0 ? Number.NaN : i, i % 2 === 0 ? -1 : 1, i % 2], 3 * i);
    samples.targets[i] = i % 2;
  }
  return samples;
}

/** A network that sees the second column only. */
function seer(seed = 1, targets: Targets = { kind: 'classes', count: 2 }) {
  const seen: Samples[] = [];
  const model = {
    experiment: { seed },
    signature: { features, targets },
    evaluate(samples: Samples) {
      seen.push({ ...samples, features: samples.features.slice() as unknown as Samples['features'] });
      let right = 0;
      for (let i = 0; i < samples.count; i++) {
        if (samples.features[3 * i + 1]! > 0 === (samples.targets[i] === 1)) right++;
      }
      const accuracy = right / samples.count;
      return { loss: 0, accuracy, rmse: 1 - accuracy, r2: accuracy };
    },
  } as unknown as TrainedModel;
  return { model, seen };
}

describe('permutation importance', () => {
  test('is 0 of a column that is not looked at, and half the accuracy of the one that decides', () => {
    const { model } = seer();
    const found = permutationImportance(model, signs(400));
    expect(found).toMatchObject({ figure: 'accuracy', unpermuted: 1, samples: 400, repeats: 5 });
    const [idle, sign, word] = found.columns;
    expect(idle).toEqual({ name: 'idle', mean: 0, deviation: 0 });
    expect(word).toEqual({ name: 'word', mean: 0, deviation: 0 });
    expect(sign!.mean).toBeGreaterThan(0.4);
    expect(sign!.mean).toBeLessThan(0.6);
    expect(sign!.deviation).toBeGreaterThan(0);
  });

  test('permutes one column at a time, and puts it back', () => {
    const { model, seen } = seer();
    const samples = signs(30);
    const before = samples.features.slice();
    permutationImportance(model, samples, { repeats: 2 });
    expect(samples.features, 'the samples themselves').toEqual(before);
    expect(seen).toHaveLength(1 + 3 * 2);
    const column = ({ features: cells }: Pick<Samples, 'features'>, c: number) =>
      Array.from({ length: 30 }, (_, i) => cells[3 * i + c]!);
    for (const [turn, one] of seen.slice(1).entries()) {
      for (const c of [0, 1, 2]) {
        const [own, original] = [column(one, c), column(samples, c)];
        if (c === Math.floor(turn / 2)) {
          expect(own, `turn ${turn}`).not.toEqual(original);
          expect(own.toSorted()).toEqual(original.toSorted());
        } else expect(own, `turn ${turn}, column ${c}`).toEqual(original);
      }
    }
    expect(column(seen[1]!, 0), 'another order each time').not.toEqual(column(seen[2]!, 0));
  });

  test('draws by the seed: the same one gives the same numbers', () => {
    const [once, again, other] = [1, 1, 2].map((seed) =>
      permutationImportance(seer(seed).model, signs(101), { mostSamples: 50 }),
    );
    expect(once).toEqual(again);
    expect(once).not.toEqual(other);
    expect(once!.samples).toBe(50);
    expect(once!.unpermuted, 'each drawn row keeps its target').toBe(1);
  });

  test('of one value is the rise of its error; of several, the fall of r2, which has no unit', () => {
    const one = permutationImportance(seer(1, { kind: 'values', names: ['y'] }).model, signs(100));
    expect(one).toMatchObject({ figure: 'rmse', unpermuted: 0 });
    expect(one.columns[1]!.mean).toBeGreaterThan(0);
    const several = permutationImportance(seer(1, { kind: 'values', names: ['y', 'z'] }).model, signs(100));
    expect(several).toMatchObject({ figure: 'r2', unpermuted: 1 });
    expect(several.columns[1]!.mean).toBeGreaterThan(0);
  });
});
