// The contract of losses, tested for every file in src/losses, for each task that it is for.
import { describe, expect, test } from 'vitest';
import type { KindConfig } from '#lockstep/contracts/fields.js';
import type { LossKind } from '#lockstep/contracts/loss.js';
import type { Task } from '#lockstep/contracts/task.js';
import { stream } from '#lockstep/foundation/random.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { examples, titled } from '../support/examples.ts';
import { backendNames, draw, fill, kernelSpace, placesOf } from '../support/kernel-space.ts';
import { blocksOf } from '../support/layer-context.ts';

const rows = 9;
const kinds = [...catalogue.loss.values()];
const each = kinds.flatMap((kind) => kind.tasks.map((task) => [kind.kind, task, kind] as const));
const of = (...tasks: Task[]) => each.filter(([, task]) => tasks.includes(task));

/** The loss with seeded logits, and seeded labels or targets. */
function siteOf(kind: LossKind, config: KindConfig, task: Task, kernels: string, outputs: number) {
  const space = kernelSpace(kernels, 20_000);
  const [z, dz] = [space.matrix(rows, outputs), space.matrix(rows, outputs)];
  const [label, loss, predicted] = [space.vector(rows), space.vector(rows), space.vector(rows)];
  const target = space.matrix(rows, outputs);
  const random = stream(1, 'loss');
  const logits = placesOf(z, rows);
  fill([space], logits, () => 2 * draw(random, 0));
  if (task === 'classes') {
    for (let row = 0; row < rows; row++) space.elements[label.offset + row] = random.below(outputs);
  } else {
    fill([space], placesOf(target, rows), () => (task === 'flags' ? random.below(2) : draw(random, 0.1)));
  }
  const place = { kernels: space.kernels, z, dz, label, target, loss, predicted };
  const built = kind.build(config, place, task);
  return {
    ...space,
    ...built,
    logits,
    targets: placesOf(target, rows),
    gradient: placesOf(dz, rows),
    loss,
    predicted,
    all: { first: 0, count: rows },
  };
}

test('every task has a loss', () => {
  expect(new Set(each.map(([, task]) => task))).toEqual(new Set(['classes', 'values', 'flags']));
});

describe.each(each)('%s for %s', (_, task, kind) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    const site = (kernels: string, outputs: number) => siteOf(kind, config, task, kernels, outputs);

    test.each(task === 'classes' ? [2, 3, 10] : [1, 3, 10])(
      '%i outputs: dz is within 1e-6 of the difference quotient of its own row’s loss',
      (outputs) => {
        const { elements, rows: run, logits, gradient, loss, all } = site('reference', outputs);
        run(all);
        const analytic = gradient.map((place) => elements[place]!);
        expect(analytic.some((value) => value !== 0)).toBe(true);
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
  });
});

describe.each(of('classes'))('%s for %s', (_, task, kind) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    test('probabilities add up to 1, and the largest is that of the predicted class', () => {
      const classes = 10;
      const {
        elements,
        rows: run,
        logits,
        predicted,
        all,
      } = siteOf(kind, config, task, 'reference', classes);
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

    test.each(backendNames)('%s kernels: the predicted class is the first of the largest logits', (name) => {
      const { elements, rows: run, logits, predicted, all } = siteOf(kind, config, task, name, 4);
      elements[logits[1]!] = 9;
      elements[logits[3]!] = 9;
      run(all);
      for (let row = 0; row < rows; row++) {
        const z = logits.slice(4 * row, 4 * row + 4).map((place) => elements[place]!);
        expect(elements[predicted.offset + row]).toBe(z.indexOf(Math.max(...z)));
      }
    });
  });
});

describe.each(of('flags'))('%s for %s', (_, _task, kind) => {
  test('a probability is above 0.5 where the output is above 0', () => {
    const z = [-800, -2, -1e-3, 0, 1e-3, 2, 800];
    const outputs = Float64Array.from(z);
    kind.probabilities!(outputs);
    for (const [c, probability] of outputs.entries()) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
      expect(probability > 0.5).toBe(z[c]! > 0);
    }
  });
});

describe.each(of('values'))('%s for %s', (_, task, kind) => {
  test.each(examples(kind).map(titled))(
    '%s: exact predictions have neither loss nor gradient',
    (_, config) => {
      const site = siteOf(kind, config, task, 'wasm', 3);
      for (const [i, place] of site.logits.entries()) site.elements[place] = site.elements[site.targets[i]!]!;
      site.rows(site.all);
      for (const place of site.gradient) expect(site.elements[place]).toBeCloseTo(0, 12);
      for (let row = 0; row < rows; row++) expect(site.elements[site.loss.offset + row]).toBe(0);
    },
  );
});
