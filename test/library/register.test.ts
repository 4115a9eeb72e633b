// Modules of a user's program: what is taken, what is refused, and that a run needs the very same again.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  datasetOf,
  defineExperiment,
  openRun,
  readExperiment,
  register,
  threads,
  train,
} from '#lockstep/index.js';
import { temporaryFolder } from '../support/data-files.ts';

const index = pathToFileURL(join(import.meta.dirname, '../../dist/src/index.js')).href;

let folder: string;
let next = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-register-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A module with a layer y = factor x of this kind. */
const layerModule = (kind: string, factor = 2) => `import { layer } from ${JSON.stringify(index)};
export const own = layer({
  kind: ${JSON.stringify(kind)},
  summary: 'y = ${factor} x',
  fields: {},
  plan: (_, { inputs }) => ({ outputs: inputs, parameters: [], reads: { x: false, y: false }, inPlace: false, flops: 0 }),
  build: (_, { kernels: { elements }, x, y, dy, dx }) => {
    const scale = (from, to) => (rows) => {
      for (let r = rows.first; r < rows.first + rows.count; r++)
        for (let c = 0; c < from.columns; c++)
          elements[to.offset + r * to.stride + c] = ${factor} * elements[from.offset + r * from.stride + c];
    };
    return { forward: scale(x, y), backward: (rows) => scale(dy, dx)(rows) };
  },
});
export default own;
`;

async function module(text: string): Promise<URL> {
  // Threads load all that is registered, so the files stay until the last test.
  const place = join(folder, String(next++));
  await mkdir(place);
  const file = join(place, 'own.mjs');
  await writeFile(file, text);
  return pathToFileURL(file);
}

const settings = (kind: string) => ({
  data: { validation: 0 },
  model: [{ kind: 'dense', units: 4 }, kind, { kind: 'dense', units: 'targets' }],
  loss: 'mean-squared-error',
  optimizer: { kind: 'sgd', learningRate: 0.01 },
  batchSize: 5,
  epochs: 2,
});
const line = { x: [1, 2, 3, 4, 5, 6], y: [2, 4, 6, 8, 10, 12] };
const dataset = datasetOf({ target: 'y', train: line, test: line });

test('a kind is unknown before, and known after; twice at once is once', async () => {
  const url = await module(layerModule('twice'));
  expect(() => defineExperiment(settings('twice'))).toThrow('unknown layer "twice"');
  const [first, second] = await Promise.all([register(url), register(url.href)]);
  expect(second).toBe(first);
  expect(first.kinds).toEqual([{ family: 'layer', kind: 'twice' }]);
  const experiment = defineExperiment(settings('twice'));
  expect(experiment.registered).toEqual([{ name: 'own.mjs', sha256: first.sha256 }]);
  // An experiment without it says nothing of it.
  expect(defineExperiment(settings('relu')).registered).toBeUndefined();
});

test('threads train with it to the same bits, and its run can be opened', async () => {
  await register(await module(layerModule('thrice', 3)));
  const run = join(await temporaryFolder(), 'run');
  const digests = new Set<string>();
  for (const count of [1, 3]) {
    for await (const event of train(defineExperiment(settings('thrice')), {
      dataset,
      executor: threads(count),
    })) {
      if (event.kind !== 'end') continue;
      digests.add(event.weightsSha256);
      if (count === 3) await event.model.save(run);
    }
  }
  expect(digests.size).toBe(1);
  expect([...(await openRun(run)).predict(Float64Array.of(3))]).toHaveLength(1);
});

test('a run whose module is not registered is refused in words', () => {
  const text = JSON.stringify({
    ...settings('relu'),
    registered: [{ name: 'a.js', sha256: '0'.repeat(64) }],
  });
  expect(() => readExperiment(text, { file: 'config.yaml', name: 'x' })).toThrow(
    /registered: expected a\.js of sha256 0{64} to be registered, got none; call register\(\)/,
  );
});

test.each([
  ['no kinds', 'export const a = 1;', 'url: expected a module that exports kinds'],
  ['a kind of ours', layerModule('dense'), 'own.kind: expected a name that no layer has yet, got "dense"'],
  [
    'a strange name',
    layerModule('My Layer'),
    'own.kind: expected a name in small letters, such as my-layer, got "My Layer"',
  ],
  [
    'a figure of no task',
    `import { figure } from ${JSON.stringify(index)};\nexport const f = figure({ task: ` +
      `'sums', name: 'f', of: () => 0 });`,
    'f.task: expected classes, flags, values',
  ],
  [
    'a figure that is there',
    `import { figure } from ${JSON.stringify(index)};\nexport const f = figure({ task: ` +
      `'classes', name: 'f1', of: () => 0 });`,
    'f.name: expected a name that no figure of classes has yet',
  ],
])('%s is refused', async (_, text, message) => {
  await expect(register(await module(text))).rejects.toThrow(message);
});

test('a file that has changed since is refused', async () => {
  const url = await module(layerModule('changes'));
  await register(url);
  await writeFile(url, layerModule('changes', 5));
  await expect(register(url)).rejects.toThrow('url: expected own.mjs as it was registered before, got');
});

test.each([['./own.js'], ['http://example.org/own.js'], [undefined]])('%s is no address', async (url) => {
  await expect(register(url as string)).rejects.toThrow('url: expected the address of a file');
});
