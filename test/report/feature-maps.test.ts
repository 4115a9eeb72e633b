// Feature maps: they are the outputs of the network's layers, in an evaluation, for samples that are named.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '#lockstep/data/dataset.js';
import type { NumberTensor } from '#lockstep/model/weights.js';
import { inline } from '#lockstep/parallel/inline.js';
import { type FeatureMaps, featureMapsOf } from '#lockstep/report/feature-maps.js';
import type { Findings } from '#lockstep/report/findings.js';
import { featureMapSection } from '#lockstep/report/page/feature-map-tables.js';
import type { TrainedNetwork } from '#lockstep/run/read-trained.js';
import type { RunFacts } from '#lockstep/run/run-facts.js';
import { stepped } from '#lockstep/training/stepped.js';
import { picturesIn, signedAt } from '../support/pictures.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';

const dense = { kind: 'dense', units: 'classes' };
const conv = { kind: 'conv', channels: 4, kernel: 3, padding: 1 };

/** After some steps, so that no number is the one that it began with. */
async function trainedOn(model: unknown[], dataset: Dataset, steps = 3): Promise<TrainedNetwork> {
  const experiment = tinyExperiment({ model });
  const training = await stepped(experiment, { dataset, executor: inline() });
  await training.advance(steps);
  const { weights, state } = training.weights();
  const { signature, plan } = training;
  await training.end();
  return { experiment, network: plan.network, signature, parameters: weights, state } as never;
}

/** Findings with these right predictions: pairs of a sample and its class. */
function found({ signature }: TrainedNetwork, { test }: Dataset, right: [number, number][] = []): Findings {
  const predictions = { right: right.map(([index, actual]) => ({ index, actual })) };
  return { signature, test, predictions } as never;
}

const numbersOf = (tensors: readonly NumberTensor[], id: string) =>
  tensors.find((tensor) => tensor.id === id)!.values;

describe('of a small network', () => {
  // (6, 5, 2)
  const [height, width, channels] = [6, 5, 2];
  const dataset = tinyDataset({ height, width, channels, test: 9 });
  const model = [
    conv,
    'batch-norm',
    'relu',
    { kind: 'dropout', rate: 0.5 },
    { kind: 'max-pool', size: 2 },
    { kind: 'residual', layers: [conv], shortcut: [] },
    'tanh',
    'flatten',
    dense,
  ];
  const samples = [4, 1];
  let trained: TrainedNetwork;
  let maps: FeatureMaps;
  beforeAll(async () => {
    trained = await trainedOn(model, dataset);
    const findings = found(trained, dataset, [
      [4, 1],
      [2, 1],
      [1, 0],
    ]);
    maps = featureMapsOf(trained, findings)!;
  });

  /** A convolution with padding 1, written down anew. (height, width, 4) */
  function convolved(x: ArrayLike<number>, [h, w, inputs]: number[], id: string): number[] {
    const [W, b] = ['W', 'b'].map((name) => numbersOf(trained.parameters, `${id}.${name}`));
    const y: number[] = [];
    for (let p = 0; p < h! * w! * 4; p++) {
      const [o, px, py] = [p % 4, Math.floor(p / 4) % w!, Math.floor(p / 4 / w!)];
      let sum = b![o]!;
      for (let k = 0; k < 9 * inputs!; k++) {
        const [i, kx, ky] = [k % inputs!, Math.floor(k / inputs!) % 3, Math.floor(k / inputs! / 3)];
        const [qy, qx] = [py + ky - 1, px + kx - 1];
        if (qy < 0 || qx < 0 || qy >= h! || qx >= w!) continue;
        sum += x[(qy * w! + qx) * inputs! + i]! * W![k * 4 + o]!;
      }
      y.push(sum);
    }
    return y;
  }

  test('what works in place or changes nothing is one with the layer before; no dense tail', () => {
    expect(maps.layers.map(({ kinds, path }) => [path, ...kinds])).toEqual([
      ['model[0]', 'conv'],
      ['model[1]', 'batch-norm', 'relu', 'dropout'],
      ['model[4]', 'max-pool'],
      ['model[5].layers[0]', 'conv'],
      ['model[5]', 'residual', 'tanh'],
    ]);
    expect(maps.layers.map(({ shape }) => Object.values(shape))).toEqual([
      ...[0, 1].map(() => [height, width, 4]),
      ...[2, 3, 4].map(() => [3, 2, 4]),
    ]);
  });

  test('the samples are the first right ones of different classes', () => {
    expect(maps).toMatchObject({ samples, right: true });
    const none = featureMapsOf(trained, found(trained, dataset))!;
    expect(none).toMatchObject({ samples: [0, 1, 2], right: false });
  });

  test('are what the layers give: convolutions, running figures, pools, sums of paths', () => {
    const bn = ['gamma', 'beta'].map((name) => numbersOf(trained.parameters, `model.1.${name}`));
    const [mean, variance] = ['runningMean', 'runningVariance'].map((name) =>
      numbersOf(trained.state, `model.1.${name}`),
    );
    expect(mean!.every((number) => number !== 0)).toBe(true);
    for (const [s, index] of samples.entries()) {
      const size = height * width * channels;
      const pixels = dataset.test.features.subarray(index * size, (index + 1) * size);
      const x = Array.from(pixels, (pixel) => pixel / 255);
      const first = convolved(x, [height, width, channels], 'model.0');
      const normal = first.map((number, i) => {
        const o = i % 4;
        const scaled = (number - mean![o]!) / Math.sqrt(variance![o]! + 1e-5);
        return Math.max(0, scaled * bn[0]![o]! + bn[1]![o]!);
      });
      const pooled = Array.from({ length: 24 }, (_, i) => {
        const [o, px, py] = [i % 4, Math.floor(i / 4) % 2, Math.floor(i / 8)];
        const at = [0, 1].flatMap((dy) => [0, 1].map((dx) => [2 * py + dy, 2 * px + dx] as const));
        return Math.max(...at.map(([y, x]) => normal[(y * width + x) * 4 + o]!));
      });
      const second = convolved(pooled, [3, 2, 4], 'model.5.layers.0');
      const joined = second.map((number, i) => Math.tanh(number + pooled[i]!));
      for (const [l, expected] of [first, normal, pooled, second, joined].entries()) {
        const shown = maps.layers[l]!.maps[s]!;
        expect(shown).toHaveLength(4);
        for (const [i, number] of expected.entries()) {
          expect(shown[i % 4]![Math.floor(i / 4)]).toBeCloseTo(number, 4);
        }
      }
    }
  });

  test('are drawn in one scale a layer: a row for each sample, a column for each channel', () => {
    const facts = { summary: { classNames: ['zero', 'one & only', 'two'] } } as unknown as RunFacts;
    const { text } = featureMapSection(facts, maps, found(trained, dataset));
    expect(text).toContain('<b>one &amp; only</b>');
    expect(text).toContain('>batch-norm, relu, dropout <span');
    const [, ...tables] = text.split('<table');
    expect(tables).toHaveLength(5);
    for (const [l, table] of tables.entries()) {
      const { maps: own, shape } = maps.layers[l]!;
      const pictures = picturesIn(table.split('</table>')[0]!);
      expect(pictures).toHaveLength(8);
      const all = own.flat().flatMap((map) => [...map]);
      const rms = Math.sqrt(all.reduce((sum, number) => sum + number * number, 0) / all.length);
      const full = Math.min(3 * rms, Math.max(...all.map(Math.abs)));
      for (const [p, picture] of pictures.entries()) {
        const map = own[Math.floor(p / 4)]![p % 4]!;
        for (const [i, number] of map.entries()) {
          const drawn = signedAt(picture, Math.floor(i / shape.width), i % shape.width);
          const share = Math.max(-1, Math.min(1, number / full));
          expect(Math.abs(drawn - share)).toBeLessThan(1 / 28);
        }
      }
    }
  });

  test('are left out if the samples are missing, or if a number is not finite', () => {
    const { text } = featureMapSection({} as RunFacts, undefined, undefined);
    expect(text).toContain('They are left out');
    const broken = trained.parameters.map((tensor) =>
      tensor.id === 'model.5.layers.0.b' ? { ...tensor, values: tensor.values.map(() => 3e38) } : tensor,
    );
    const far = { ...trained, parameters: broken, state: trained.state };
    expect(featureMapsOf(far, found(far, dataset)), 'large is not infinite').toBeDefined();
    broken[0] = { ...broken[0]!, values: broken[0]!.values.map(() => Number.POSITIVE_INFINITY) };
    expect(featureMapsOf(far, found(far, dataset))).toBeUndefined();
  });
});

describe('limits', () => {
  test('the first 16 channels; a large map by means over squares', async () => {
    const dataset = tinyDataset({ height: 70, width: 40, channels: 1, train: 4, test: 3 });
    const model = [{ kind: 'conv', channels: 20, kernel: 1 }, 'global-average-pool', dense];
    const trained = await trainedOn(model, dataset, 0);
    const findings = found(trained, dataset);
    const maps = featureMapsOf(trained, findings)!;
    const [first, mean] = maps.layers;
    expect(first).toMatchObject({ step: 3, height: 24, width: 14, shape: { channels: 20 } });
    expect(maps.layers.map(({ maps: [own] }) => own!.length)).toEqual([16, 16]);
    const W = numbersOf(trained.parameters, 'model.0.W');
    const pixels = dataset.test.features.subarray(2800, 5600);
    // The lower right corner: one line and one column are left over.
    const corner = pixels.at(-1)! / 255;
    expect(first!.maps[1]![7]!.at(-1)).toBeCloseTo(corner * W[7]!, 5);
    const square = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => pixels[y * 40 + x]! / 255));
    const sum = square.reduce((a, b) => a + b);
    expect(first!.maps[1]![7]![0]).toBeCloseTo((sum / 9) * W[7]!, 5);
    expect(mean!.maps[1]![7]).toHaveLength(1);
    const { text } = featureMapSection({} as RunFacts, maps, findings);
    expect(text).toContain('The first 16 of 20 channels. Each point is the mean over 3 × 3 places.');
    expect(text).toContain('70 × 40 × 20');
    expect(text).not.toContain('<details>');
    expect(picturesIn(text)[0]!.size, 'a sample of this size is not made smaller').toEqual([70, 40]);
  });

  test('fewer channels of many layers, so that a page does not grow without end', async () => {
    const dataset = tinyDataset({ height: 8, width: 8, channels: 1, train: 4, test: 3 });
    const model = [...Array.from({ length: 60 }, () => ({ ...conv, channels: 16 })), dense];
    const trained = await trainedOn(model, dataset, 0);
    const findings = found(trained, dataset);
    const maps = featureMapsOf(trained, findings)!;
    expect(maps.layers).toHaveLength(60);
    expect(maps.layers[59]!.maps[0]!.length).toBeLessThan(8);
    const { text } = featureMapSection({} as RunFacts, maps, findings);
    expect(text.length).toBeLessThan(400_000);
    expect(text).toContain('<summary>The other 44 layers</summary>');
    expect(text.match(/<table/g)).toHaveLength(60);
  });

  test('none without images between the layers', async () => {
    const dataset = tinyDataset();
    const trained = await trainedOn(['batch-norm', { kind: 'dropout', rate: 0.1 }, dense], dataset);
    expect(featureMapsOf(trained, found(trained, dataset))).toBeUndefined();
  });
});
