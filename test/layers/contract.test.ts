// The contract of layers, tested for every file in src/layers.
import { describe, expect, test } from 'vitest';
import { longestSum } from '#lockstep/foundation/cuts.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { checkGradients, type GradientReport } from '#lockstep/training/gradcheck.js';
import { examples, titled } from '../support/examples.ts';
import { backendNames } from '../support/kernel-space.ts';
import {
  allRows,
  blocksOf,
  type ContextSettings,
  image,
  layerContext,
  needsImage,
  rows,
  wholeOf,
} from '../support/layer-context.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const conv = { kind: 'conv', channels: 4, kernel: [2, 1], padding: 'same' };
const vectors = tinyDataset();
const images = tinyDataset({ ...image, train: 20 });
const kinds = [...catalogue.layer.values()];

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  describe.each(examples(kind).map(titled))('%s', (_, config) => {
    const needs = needsImage(config);
    const before = needs ? conv : dense(6);
    const models = {
      'first, on pixels': [config, dense('classes')],
      'between others': [before, config, dense('classes')],
      ...(needs ? {} : { 'twice in a row': [before, config, config, dense('classes')] }),
      ...(needs ? {} : { 'on feature maps': [{ ...conv, stride: [3, 2] }, config, dense('classes')] }),
    };

    describe.each(Object.entries(models))('%s', (name, model) => {
      const experiment = tinyExperiment({ model });
      const dataset = needs || name === 'on feature maps' ? images : vectors;

      test('every entry of every gradient is within 1e-6 of its difference quotient', async () => {
        const report = await checkGradients(experiment, dataset, dataset === images ? { samples: 2 } : {});
        expect(faults(report)).toEqual([]);
        expect(new Set(report.tensors.map(({ checked }) => checked))).toEqual(new Set(['every entry']));
      });

      test('so is the slope along random directions', async () => {
        const options = {
          everyEntryUpTo: 0,
          directions: 10,
          entries: 0,
          samples: dataset === images ? 2 : 8,
        };
        expect(faults(await checkGradients(experiment, dataset, options))).toEqual([]);
      });
    });

    const { reads, parameters } = layerContext(config, { kernels: 'reference' }).plan;
    const byOperand = reads.x === 'operand';

    // Activations have no parameters, and many rows would hit too many of their kinks.
    if (parameters.length > 0) {
      test('gradients over more rows than a sum has, which is cut, are right as well', async () => {
        const experiment = tinyExperiment({ model: models['between others'] });
        const many = tinyDataset({ ...(needs ? image : {}), train: longestSum + 44 });
        const directions = needs ? 1 : 3;
        const options = { samples: longestSum + 44, everyEntryUpTo: 0, directions, entries: 0 };
        expect(faults(await checkGradients(experiment, many, options))).toEqual([]);
      });
    }

    const inputs = [undefined, 'numbers'] as const;
    const sites: ContextSettings[] = backendNames.flatMap((kernels) =>
      inputs.map((samples) => ({ kernels, samples })),
    );
    if (!needs && !byOperand) sites.push(...backendNames.map((kernels) => ({ kernels, maps: true })));
    if (byOperand) sites.push({ kernels: 'wasm', samples: 'lists' });
    if (byOperand) sites.push(...backendNames.map((kernels) => ({ kernels, rectified: true })));
    describe.each(sites)(
      '$kernels kernels, samples: $samples, rectified: $rectified, maps: $maps',
      (settings) => {
        test('batched equals one by one, bit for bit', () => {
          const batched = layerContext(config, settings);
          const single = layerContext(config, settings);
          batched.run([allRows]);
          single.run(blocksOf(rows, 1), blocksOf(single.features, 4));
          expect(single.bits()).toEqual(batched.bits());
        });

        test('blocks of rows can be of any size, and done in any order', () => {
          const batched = layerContext(config, settings);
          const blocks = layerContext(config, settings);
          batched.run([allRows]);
          blocks.run(blocksOf(rows, 4).reverse(), blocksOf(blocks.features, 16).reverse());
          expect(blocks.bits()).toEqual(batched.bits());
        });

        test('a block of a gradient has the bits it has in the whole', () => {
          const { plan, run, gradient } = layerContext(config, settings);
          run([allRows]);
          for (const { name, shape } of plan.parameters) {
            const whole = gradient(name, wholeOf(shape));
            // Blocks of a vector begin at multiples of 8, those of a matrix at even rows.
            const blocks = blocksOf(wholeOf(shape).count, shape.length === 1 ? 8 : 6);
            expect(blocks.flatMap((block) => gradient(name, block))).toEqual(whole);
          }
        });

        test('what is behind the columns of a row stays zero', () => {
          const { run, padding } = layerContext(config, settings);
          run([allRows]);
          expect(new Set(padding())).toEqual(new Set([0]));
        });

        if (byOperand && settings.samples === 'lists') {
          test('by panels of columns, forward and gradients have the bits of the whole', () => {
            const whole = layerContext(config, settings);
            const panels = layerContext(config, settings);
            whole.run([allRows]);
            for (const rows of blocksOf(11, 4).reverse()) {
              panels.list(rows);
              for (const some of blocksOf(panels.count, 2).reverse()) panels.layer.forward(rows, some);
            }
            for (let row = 0; row < rows; row++) expect(panels.y(row)).toEqual(whole.y(row));
            for (const { name, shape } of parameters) {
              if (shape.length === 1) continue;
              const block = { first: 2, count: 8 };
              const parts = blocksOf(panels.count, 1).map((some) =>
                panels.gradient(name, { ...block, panels: some }),
              );
              const joined = parts[0]!.map((_, k) => parts.flatMap((part) => part[k]!));
              expect(joined).toEqual(whole.gradient(name, block));
            }
          });
        }

        test('what the plan says is read no more can be written over after forward', () => {
          const kept = layerContext(config, settings);
          const forgotten = layerContext(config, settings);
          kept.run([allRows]);
          forgotten.run([allRows], undefined, forgotten.forget);
          expect(forgotten.gradients()).toEqual(kept.gradients());
        });

        // Not on samples, which nothing may overwrite.
        if (!settings.samples && layerContext(config, settings).plan.inPlace) {
          test('in place, the results are the same', () => {
            const apart = layerContext(config, settings);
            const inPlace = layerContext(config, { ...settings, inPlace: true });
            apart.run([allRows]);
            inPlace.run([allRows]);
            for (let row = 0; row < rows; row++) expect(inPlace.y(row)).toEqual(apart.y(row));
            expect(inPlace.gradients()).toEqual(apart.gradients());
          });
        }

        test('evaluating, a row’s output does not depend on the rows around it', () => {
          const one = layerContext(config, { ...settings, training: false });
          const other = layerContext(config, { ...settings, training: false, salt: 'others' });
          other.takeRow(5, one, 3);
          for (const { list, layer } of [one, other]) {
            list(allRows);
            layer.forward(allRows);
          }
          expect(other.y(5)).toEqual(one.y(3));
          expect(other.y(4)).not.toEqual(one.y(4));
        });
      },
    );
  });
});

/** The tensors that fail, with their reports. */
function faults({ tensors }: GradientReport) {
  return tensors.filter(({ passed }) => !passed);
}
