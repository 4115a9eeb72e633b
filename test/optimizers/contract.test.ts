// The contract of optimizers, tested for every file in src/optimizers.
import { describe, expect, test } from 'vitest';
import { piecesOf } from '#lockstep/engine/update.js';
import { stream } from '#lockstep/foundation/random.js';
import type { PanelMatrix, Range, Vector } from '#lockstep/foundation/shapes.js';

import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';
import { backendNames, draw, fill, kernelSpace, panelPlaces, vectorPlaces } from '../support/kernel-space.ts';
import { blocksOf } from '../support/layer-context.ts';

const tensors = [
  { title: 'a matrix in panels of 8', rows: 21, columns: 19, width: 8, step: 4 },
  { title: 'a matrix in panels of 32', rows: 21, columns: 35, width: 32, step: 2 },
  { title: 'a vector', rows: 50, columns: undefined, width: undefined, step: 8 },
] as const;

const steps = 5;
const kinds = [...catalogue.optimizer.values()];

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    /** The parameter and its slots after some steps, updated in these blocks. Row-major. */
    function trained(
      name: string,
      tensor: (typeof tensors)[number],
      blocks: readonly Range[],
      scale = 1 / 3,
    ) {
      const space = kernelSpace(name, 60_000);
      const place = (): PanelMatrix | Vector =>
        tensor.width === undefined
          ? space.vector(tensor.rows)
          : space.panels(tensor.rows, tensor.columns, tensor.width);
      const placesIn = (of: PanelMatrix | Vector) => ('width' in of ? panelPlaces(of) : vectorPlaces(of));
      const W = place();
      const slots = kind.slots(config).map(place);
      const random = stream(1, 'optimizer');
      fill([space], placesIn(W), () => draw(random, 0));
      const { update } = kind.build(config, space.kernels);
      const columns = tensor.columns ?? 1;
      const width = tensor.width ?? 1;
      const g = space.room(4000);
      for (let step = 0; step < steps; step++) {
        const gradient = Array.from({ length: tensor.rows * columns }, () => draw(random, 0.2));
        const state = { scale, learningRate: 0.05 / (step + 1), step };
        for (const { first, count } of blocks) {
          // Padding is zero, so the remains of an earlier block are removed.
          space.elements.fill(0, g, g + 4000);
          for (let i = 0; i < count * columns; i++) {
            const [k, j] = [Math.floor(i / columns), i % columns];
            const at = (Math.floor(j / width) * count + k) * width + (j % width);
            space.elements[g + at] = gradient[first * columns + i]!;
          }
          const pieces = (of: PanelMatrix | Vector) => piecesOf(of, { first, count });
          update({ W: pieces(W), slots: slots.map(pieces), decays: true }, g, state);
        }
      }
      return [W, ...slots].map((of) => placesIn(of).map((at) => space.elements[at]!));
    }

    describe.each(backendNames)('%s kernels', (name) => {
      test.each(tensors)('$title has the same bits however it is cut', (tensor) => {
        const whole = trained(name, tensor, [{ first: 0, count: tensor.rows }]);
        expect(trained(name, tensor, blocksOf(tensor.rows, tensor.step))).toEqual(whole);
        expect(trained(name, tensor, blocksOf(tensor.rows, 2 * tensor.step).reverse())).toEqual(whole);
      });

      test.each(tensors)(
        '$title: the sum is averaged, so another scale gives every weight, or its state, another value',
        (tensor) => {
          const all = [{ first: 0, count: tensor.rows }];
          // Some optimizers rescale their gradients. Then only the state shows the gradients' size.
          const [half, quarter] = [1 / 2, 1 / 4].map((scale) => trained(name, tensor, all, scale));
          const same = half![0]!.filter((_, i) => half!.every((values, p) => values[i] === quarter![p]![i]));
          expect(same).toEqual([]);
        },
      );
    });

    test.each(tensors)('$title: the fast kernels follow the oracle within 2^-20 for five steps', (tensor) => {
      const all = [{ first: 0, count: tensor.rows }];
      const expected = trained('reference', tensor, all);
      for (const [p, values] of trained('wasm', tensor, all).entries()) {
        for (const [i, value] of values.entries()) {
          const size = Math.max(1, Math.abs(expected[p]![i]!));
          expect(Math.abs(value - expected[p]![i]!) / size).toBeLessThan(2 ** -20);
        }
      }
    });
  });
});
