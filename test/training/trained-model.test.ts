// The network of a run, read back from its folder, gives the figures of the training, bit for bit.
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allocateImages, type Samples } from '#lockstep/data/dataset.js';
import { asWeights, weightsDigest } from '#lockstep/model/weights.js';
import { inline } from '#lockstep/parallel/inline.js';
import { openRun } from '#lockstep/run/open-run.js';
import { type Recorder, recorded, recordRun } from '#lockstep/run/record-run.js';
import { readSafetensors, writeSafetensors } from '#lockstep/run/safetensors.js';
import { type RunSummary, readSummary, writeSummary } from '#lockstep/run/summary.js';
import type { EndEvent } from '#lockstep/training/events.js';
import { train } from '#lockstep/training/train.js';
import { resolve, type Settings, syntheticDataset } from '../../scripts/golden.mjs';
import { temporaryFolder } from '../support/data-files.ts';

// 97 test images: three whole blocks of an evaluation, and a last block of one image.
const dataset = syntheticDataset({ train: 203, test: 97 });

const plain: Settings = {
  data: { validation: 40 },
  model: [{ kind: 'dense', units: 17 }, 'relu', { kind: 'dense', units: 'classes' }],
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
  batchSize: 37,
  epochs: 2,
};

const experiments: Record<string, Settings> = {
  'two dense layers': plain,
  'batch-norm, a residual block, dropout: state, and layers that differ in training': {
    ...plain,
    model: [
      { kind: 'dense', units: 19 },
      'batch-norm',
      { kind: 'residual', layers: ['gelu', { kind: 'dense', units: 19 }, 'batch-norm'] },
      'dropout',
      { kind: 'dense', units: 'classes' },
    ],
    loss: { kind: 'softmax-cross-entropy', smoothing: 0.1 },
  },
  'ended early, so that the best weights count': {
    ...plain,
    model: [{ kind: 'dense', units: 17 }, 'batch-norm', 'relu', { kind: 'dense', units: 'classes' }],
    optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9 },
    earlyStopping: { patience: 2 },
    epochs: 30,
  },
  'mean squared error': { ...plain, loss: 'mean-squared-error' },
};

/** Trains, and writes the run into a new folder. */
async function trained(settings: Settings): Promise<{ folder: string; end: EndEvent }> {
  const experiment = resolve(settings);
  const folder = await temporaryFolder();
  let recorder: Recorder | undefined;
  for await (const event of train(experiment, { dataset, executor: inline() })) {
    if (event.kind === 'start') {
      const { signature } = event;
      recorder = await recordRun({ experiment, dataset, signature, folder, threads: 1, begun: 0 });
    }
    if (event.kind === 'epoch') await recorder!.epoch(recorded(event));
    if (event.kind !== 'end') continue;
    await recorder!.end(event);
    return { folder, end: event };
  }
  throw new Error('the training did not end');
}

/** Some of the samples, in some order. */
function pick({ features, targets }: Samples, indices: readonly number[]): Samples {
  const pixels = features.length / targets.length;
  const picked = allocateImages(indices.length, pixels);
  for (const [i, index] of indices.entries()) {
    picked.features.set(features.subarray(index * pixels, (index + 1) * pixels), i * pixels);
    picked.targets[i] = targets[index]!;
  }
  return picked;
}

describe.each(Object.entries(experiments))('%s', (_, settings) => {
  test('its own test set has the very figures of the training', async () => {
    const { folder, end } = await trained(settings);
    const run = await openRun(folder);
    expect(run.summary!.result).toBe('earlyStopping' in settings ? 'best' : 'last');
    expect(run.evaluate(dataset.test)).toStrictEqual(end.test);
    const { confusion: _, ...figures } = run.evaluate(dataset.test);
    expect(figures).toStrictEqual(run.summary!.test);
    // The network has learnt something, or the figures would show nothing.
    expect(end.test!.accuracy).toBeGreaterThan(0.3);
  });

  test('probabilities add up to 1, agree with the confusion matrix, and look at one image only', async () => {
    const { folder, end } = await trained(settings);
    const { outputs: classes, probabilities } = await openRun(folder);
    const all = probabilities(dataset.test);
    const rows = Array.from({ length: 97 }, (_, i) => all.subarray(i * classes, (i + 1) * classes));
    const counts = new Uint32Array(classes * classes);
    for (const [i, row] of rows.entries()) {
      expect(Math.abs(row.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
      counts[dataset.test.targets[i]! * classes + row.indexOf(Math.max(...row))]!++;
    }
    expect(counts).toEqual(end.test!.confusion!.counts);
    const order = [96, 3, 3, 50];
    const some = probabilities(pick(dataset.test, order));
    expect([...some]).toEqual(order.flatMap((i) => [...rows[i]!]));
  });
});

test('float64 kernels: as near as weights in a file of float32 can be', async () => {
  const { folder, end } = await trained({ ...plain, kernels: 'reference' });
  const { loss, confusion } = (await openRun(folder)).evaluate(dataset.test);
  expect(confusion).toStrictEqual(end.test!.confusion);
  expect(Math.abs(loss / end.test!.loss - 1)).toBeLessThan(1e-6);
});

describe('probabilities of known outputs', () => {
  test('softmax: the shares of e^z', async () => {
    const { folder, end } = await trained(plain);
    const run = await openRun(folder);
    // If all weights are 0, the outputs are the last biases: here ln 1, ln 2, ... ln 7.
    await rewrite(folder, (tensors) => {
      for (const { id, values } of tensors) {
        for (const i of values.keys()) values[i] = id === 'model.2.b' ? Math.log(i + 1) : 0;
      }
    });
    const { outputs: classes } = run;
    expect(end.weights.at(-1)!.id).toBe('model.2.b');
    const probabilities = (await openRun(folder)).probabilities(pick(dataset.test, [0]));
    for (let c = 0; c < classes; c++) expect(probabilities[c]).toBeCloseTo((c + 1) / 28, 6);
  });

  test('mean squared error: the nearest probabilities', async () => {
    const { folder } = await trained({ ...plain, loss: 'mean-squared-error' });
    const outputs = [0.75, -0.25, 0.5, 0, 0.125, -1, -2];
    await rewrite(folder, (tensors) => {
      for (const { id, values } of tensors) {
        for (const i of values.keys()) values[i] = id === 'model.2.b' ? outputs[i]! : 0;
      }
    });
    // 0.75 + 0.5 + 0.125 is 0.375 too much, an eighth for each of the three. So the third becomes 0.
    const probabilities = (await openRun(folder)).probabilities(pick(dataset.test, [0]));
    expect([...probabilities]).toEqual([0.625, 0, 0.375, 0, 0, 0, 0]);
  });
});

type Tensors = Awaited<ReturnType<typeof readSafetensors>>['tensors'];

/** Changes the weights of a run, together with its digests. */
async function rewrite(folder: string, change: (tensors: Tensors) => void): Promise<void> {
  const file = join(folder, 'checkpoints', 'last.safetensors');
  const { tensors, metadata } = await readSafetensors(file);
  const weights = tensors.filter(({ id }) => !id.startsWith('optimizer.'));
  change(weights);
  const weightsSha256 = weightsDigest(asWeights(weights));
  const digests = { weightsSha256, stateSha256: weightsSha256 };
  await writeSafetensors(file, { tensors, metadata: { ...metadata, ...digests } });
  await editSummary(folder, (summary) => ({ ...summary, ...digests }));
}

/** Changes summary.json and signs it again. */
async function editSummary(folder: string, change: (summary: RunSummary) => object): Promise<void> {
  const { files: _, sha256: _s, format: _f, ...result } = (await readSummary(folder))!;
  await writeSummary(folder, change(result as RunSummary) as RunSummary);
}

describe('a run that is not whole is a bad checkpoint', () => {
  const weightsFile = (folder: string) => join(folder, 'checkpoints', 'last.safetensors');
  const cases: [what: string, spoil: (folder: string) => Promise<void>, message: RegExp][] = [
    [
      'one weight is another',
      async (folder) => {
        const bytes = await readFile(weightsFile(folder));
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
        await writeFile(weightsFile(folder), bytes);
      },
      /last\.safetensors: expected a file of sha256 \w{64}, got another; the file is damaged/,
    ],
    [
      'the weights are of another run',
      (folder) => editSummary(folder, (summary) => ({ ...summary, weightsSha256: 'abc' })),
      /expected weights of sha256 abc, as summary\.json says, got sha256 \w{64}/,
    ],
    [
      'the summary does not know the shape',
      async (folder) => {
        // As 0.1.0 had it.
        const { tensors, metadata } = await readSafetensors(weightsFile(folder));
        const { signature: _, ...older } = metadata;
        await writeSafetensors(weightsFile(folder), { tensors, metadata: older });
        await editSummary(folder, (summary) => ({ ...summary, height: undefined }));
      },
      /summary\.json: expected height, width and classes of the data, got undefined, 12 and 7/,
    ],
    [
      'the signature is torn',
      async (folder) => {
        const { tensors, metadata } = await readSafetensors(weightsFile(folder));
        const signature = metadata.signature!.slice(0, -5);
        await writeSafetensors(weightsFile(folder), { tensors, metadata: { ...metadata, signature } });
      },
      /last\.safetensors: expected the signature of the network as JSON, got .*; the file is damaged/,
    ],
    [
      'the network is another',
      async (folder) => {
        const file = join(folder, 'config.yaml');
        await writeFile(file, (await readFile(file, 'utf8')).replace('units: 17', 'units: 16'));
      },
      new RegExp(
        'last\\.safetensors: expected model\\.0\\.W \\(144, 16\\), got model\\.0\\.W \\(144, 17\\); ' +
          'config\\.yaml describes another',
      ),
    ],
    [
      'a tensor is missing',
      async (folder) => {
        const { tensors, metadata } = await readSafetensors(weightsFile(folder));
        await writeSafetensors(weightsFile(folder), { tensors: tensors.slice(0, -1), metadata });
      },
      /expected optimizer\.velocity\.model\.2\.b \(7\), got nothing more/,
    ],
    [
      'the header is no list of tensors',
      async (folder) => {
        const header = Buffer.from('{"a":5}');
        const length = Buffer.alloc(8);
        length.writeUInt8(header.length);
        await writeFile(weightsFile(folder), Buffer.concat([length, header]));
      },
      /expected type, shape and place of "a", got something else/,
    ],
  ];
  test.each(cases)('%s', async (_, spoil, message) => {
    const { folder } = await trained({ ...plain, epochs: 1 });
    await rm(join(folder, 'checkpoints', 'best.safetensors'));
    await spoil(folder);
    const opening = openRun(folder);
    await expect(opening).rejects.toMatchObject({ code: 'checkpoint' });
    await expect(opening).rejects.toThrow(message);
  });

  test.each([
    ['the last', 'last', 'last.previous'],
    ['the last, and there is none before it', 'last', 'best'],
  ])('%s is damaged: an older one counts, and that is told', async (_, spoiled, instead) => {
    const { folder } = await trained({ ...plain, epochs: 2 });
    const file = (name: string) => join(folder, 'checkpoints', `${name}.safetensors`);
    if (instead === 'last.previous') await copyFile(file('last'), file('last.previous'));
    const bytes = await readFile(file(spoiled));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    await writeFile(file(spoiled), bytes);
    const run = await openRun(folder);
    expect(run.checkpoint).toBe(file(instead));
    expect(run.doubts).toHaveLength(2);
    expect(run.doubts[0]).toMatch(/last\.safetensors: expected a file of sha256 .*; the file is damaged/);
    expect(run.doubts[1]).toMatch(new RegExp(`^these are the weights of epoch 2, from .*${instead}`));
  });

  test('there is no run', async () => {
    const folder = await temporaryFolder();
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'checkpoint' });
  });
});

describe('samples that do not fit', () => {
  test('images of another size', async () => {
    const run = await openRun((await trained({ ...plain, epochs: 1 })).folder);
    const { test: others } = syntheticDataset({ height: 11, test: 5 });
    const message = 'features: expected 720 bytes, 5 images of 144 pixels, got 660';
    expect(() => run.evaluate(others)).toThrow(`samples.${message}`);
    expect(() => run.probabilities(others)).toThrow(`rows.${message}`);
  });
  test('labels that are no classes', async () => {
    const run = await openRun((await trained({ ...plain, epochs: 1 })).folder);
    const samples = pick(dataset.test, [0, 1, 2]);
    samples.targets[1] = 7;
    expect(() => run.evaluate(samples)).toThrow('samples.targets[1]: expected a class from 0 to 6, got 7');
  });
});
