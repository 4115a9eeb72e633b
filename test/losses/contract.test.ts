// The contract of losses, tested for every file in src/losses and all that it can be asked for.
import { describe, expect, test } from 'vitest';
import { stream } from '#lockstep/foundation/random.js';

import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';
import { backendNames, draw, fill, kernelSpace, placesOf } from '../support/kernel-space.ts';
import { blocksOf } from '../support/layer-context.ts';

const rows = 9;
const cases = [...catalogue.loss.values()].flatMap((kind) => kind.tasks.map((task) => ({ kind, task })));
const named = cases.map((one) => [`${one.kind.kind} of ${one.task}`, one] as const);

describe.each(named)('%s', (_, { kind, task }) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    /** The loss with seeded logits, and what is asked for; what is not asked for is not a number. */
    function site(kernels: string, outputs: number) {
      const space = kernelSpace(kernels, 20_000);
      const [z, dz] = [space.matrix(rows, outputs), space.matrix(rows, outputs)];
      const target = space.matrix(rows, outputs);
      const [label, loss, predicted] = [space.vector(rows), space.vector(rows), space.vector(rows)];
      const random = stream(1, 'loss');
      const logits = placesOf(z, rows);
      fill([space], logits, () => 2 * draw(random, 0));
      for (let row = 0; row < rows; row++) {
        space.elements[label.offset + row] = task === 'classes' ? random.below(outputs) : Number.NaN;
      }
      const asked = {
        classes: () => Number.NaN,
        values: () => draw(random, 0),
        flags: () => random.below(2),
      };
      fill([space], placesOf(target, rows), asked[task]);
      const context = { kernels: space.kernels, z, dz, label, target, loss, predicted };
      const built = kind.build(config, context, task);
      return {
        ...space,
        ...built,
        logits,
        gradient: placesOf(dz, rows),
        targets: placesOf(target, rows),
        loss,
        predicted,
        all: { first: 0, count: rows },
      };
    }

    test.each(task === 'classes' ? [2, 3, 10] : [1, 2, 3, 10])(
      '%i outputs: dz is within 1e-6 of the difference quotient of its own row’s loss',
      (outputs) => {
        const { elements, rows: run, logits, gradient, loss, all } = site('reference', outputs);
        run(all);
        const analytic = gradient.map((place) => elements[place]!);
        const losses = () => Array.from({ length: rows }, (_, row) => elements[loss.offset + row]!);
        const h = 2 ** -17;
        for (const [i, place] of logits.entries()) {
          const z = elements[place]!;
          const [ahead, behind] = [z + h, z - h].map((moved) => {
            elements[place] = moved;
            run(all);
            return losses();
          });
          elements[place] = z;
          for (let row = 0; row < rows; row++) {
            const slope = (ahead![row]! - behind![row]!) / (2 * h);
            const expected = row === Math.floor(i / outputs) ? analytic[i]! : 0;
            expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * Math.max(Math.abs(expected), 1e-3));
          }
        }
      },
    );

    test.each(backendNames)('%s kernels: any blocks of rows, in any order, give the same bits', (name) => {
      const [whole, single] = [site(name, 10), site(name, 10)];
      whole.rows(whole.all);
      for (const block of blocksOf(rows, 1).reverse()) single.rows(block);
      expect(single.used()).toEqual(whole.used());
      const blocks = site(name, 10);
      for (const block of blocksOf(rows, 4)) blocks.rows(block);
      expect(blocks.used()).toEqual(whole.used());
    });

    if (task === 'classes') {
      test('probabilities add up to 1, and the largest is that of the predicted class', () => {
        const classes = 10;
        const { elements, rows: run, logits, predicted, all } = site('reference', classes);
        run(all);
        for (let row = 0; row < rows; row++) {
          const places = logits.slice(classes * row, classes * (row + 1));
          const outputs = Float64Array.from(places, (place) => elements[place]!);
          kind.probabilities!(outputs);
          expect(Math.abs(outputs.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-14);
          expect(Math.min(...outputs)).toBeGreaterThanOrEqual(0);
          expect(outputs.indexOf(Math.max(...outputs))).toBe(elements[predicted.offset + row]);
        }
      });

      test('probabilities of outputs as large as 10,000 are finite, and add up to 1', () => {
        const outputs = Float64Array.of(1e4, -1e4, 1e4 - 1, 0);
        kind.probabilities!(outputs);
        expect(Math.abs(outputs.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-14);
        expect(outputs.indexOf(Math.max(...outputs))).toBe(0);
      });

      test.each(backendNames)(
        '%s kernels: the predicted class is the first of the largest logits',
        (name) => {
          const { elements, rows: run, logits, predicted, all } = site(name, 4);
          elements[logits[1]!] = 9;
          elements[logits[3]!] = 9;
          run(all);
          for (let row = 0; row < rows; row++) {
            const z = logits.slice(4 * row, 4 * row + 4).map((place) => elements[place]!);
            expect(elements[predicted.offset + row]).toBe(z.indexOf(Math.max(...z)));
          }
        },
      );
    }

    if (task !== 'classes') {
      test('an output that is what was asked for costs least', () => {
        const { elements, rows: run, logits, targets, loss, all } = site('reference', 3);
        const losses = () => Array.from({ length: rows }, (_, row) => elements[loss.offset + row]!);
        run(all);
        const before = losses();
        for (const [i, place] of logits.entries()) {
          const t = elements[targets[i]!]!;
          elements[place] = task === 'values' ? t : t > 0.5 ? 100 : -100;
        }
        run(all);
        for (const [row, value] of losses().entries()) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(1e-40);
          expect(before[row]).toBeGreaterThan(0);
        }
      });
    }

    if (task === 'flags') {
      test('a flag’s probability is above 0.5 if its logit is above 0', () => {
        const flags = 10;
        const { elements, logits } = site('reference', flags);
        elements[logits[0]!] = 1e4;
        elements[logits[1]!] = -1e4;
        const z = logits.map((place) => elements[place]!);
        const outputs = Float64Array.from(z);
        for (let row = 0; row < rows; row++)
          kind.probabilities!(outputs.subarray(flags * row, flags * (row + 1)));
        expect([...outputs.slice(0, 2)]).toEqual([1, 0]);
        for (const [i, p] of outputs.entries()) {
          expect(p >= 0 && p <= 1).toBe(true);
          expect(p > 0.5).toBe(z[i]! > 0);
        }
      });
    }
  });
});
