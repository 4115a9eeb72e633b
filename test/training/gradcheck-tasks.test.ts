// Gradients of tables, values and flags, through the whole engine: preparation, loss, weights of classes.
import { afterEach, expect, test } from 'vitest';
import type { Loss, LossKind } from '#lockstep/contracts/loss.js';
import { catalogue } from '#lockstep/model/catalogue.js';
import { checkGradients } from '#lockstep/training/gradcheck.js';
import { goldenTasks, resolve, type Settings } from '../../scripts/golden.mjs';
import { runTrain } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';

type Name = keyof typeof goldenTasks;
const losses = catalogue.loss as Map<string, LossKind>;
const kept = new Map(losses);

afterEach(() => {
  for (const [name, kind] of kept) losses.set(name, kind);
});

/** The golden training without what is random, changed like this. */
function check(name: Name, change: Settings = {}) {
  const { settings, dataset } = goldenTasks[name];
  const { augmentation: _, ...rest } = settings;
  const experiment = resolve({ ...rest, ...change });
  return checkGradients(experiment, dataset({ train: 120, test: 1 }), { samples: 16 });
}

const model = [{ kind: 'dense', units: 7 }, 'tanh', { kind: 'dense', units: 'targets' }];

test.each<[what: string, name: Name, change: Settings]>([
  ['a table with words and gaps', 'table', { model, classWeights: undefined }],
  ['weights of classes, balanced', 'table', { model }],
  ['weights of classes, given', 'table', { model, classWeights: [0.1, 5, 2] }],
  ['weights of classes, squared error', 'table', { model, loss: 'mean-squared-error' }],
  [
    'weights of classes, smoothing',
    'table',
    { model, loss: { kind: 'softmax-cross-entropy', smoothing: 0.2 } },
  ],
  ['huber with batch-norm', 'values', {}],
  ['mean squared error of values', 'values', { model, loss: 'mean-squared-error' }],
  ['mean absolute error', 'values', { model, loss: 'mean-absolute-error' }],
  ['huber, all errors large', 'values', { model, loss: { kind: 'huber', delta: 1e-3 } }],
  ['flags', 'flags', { model }],
  [
    'flags, numbers of 0 to 1',
    'flags',
    { model, data: { validation: 30, missing: 'category', preparation: 'min-max' } },
  ],
  ['colour pictures', 'colour', { model }],
])('%s', async (_, name, change) => {
  const report = await check(name, JSON.parse(JSON.stringify(change)) as Settings);
  expect(report.tensors.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.passed).toBe(true);
  expect(report.tensors.length).toBeGreaterThanOrEqual(4);
});

/** The loss with a gradient that is wrong by 1 in 100,000 in one output. */
function spoil(name: string): void {
  const original = losses.get(name)!;
  losses.set(name, {
    ...original,
    build(config, site, task) {
      const loss: Loss = original.build(config, site, task);
      return {
        rows(rows) {
          loss.rows(rows);
          const { elements } = site.kernels;
          for (let row = rows.first; row < rows.first + rows.count; row++) {
            elements[site.dz.offset + row * site.dz.stride]! *= 1 + 1e-5;
          }
        },
      };
    },
  });
}

test.each<[Name, string]>([
  ['table', 'softmax-cross-entropy'],
  ['values', 'huber'],
  ['flags', 'binary-cross-entropy'],
])('%s: a gradient of %s that is wrong by 1 in 100,000 is found', async (name, loss) => {
  spoil(loss);
  const report = await check(name, { model });
  expect(report.passed).toBe(false);
  expect(Math.max(...report.tensors.map(({ error }) => error))).toBeGreaterThan(1e-6);
});

test('weights of classes are part of what is checked', async () => {
  const plain = await check('table', { model, classWeights: [1, 1, 1] });
  const weighted = await check('table', { model, classWeights: [0.1, 5, 2] });
  expect(weighted).not.toEqual(plain);
});

test.each<[string, 'classes' | 'values' | 'flags', string]>([
  ['classes with weights', 'classes', 'classWeights: balanced\n'],
  ['values', 'values', ''],
  ['flags', 'flags', ''],
])('`train gradcheck` of a table of %s', async (_, task, more) => {
  const cwd = await tableFolder(task, more);
  const { code, stdout } = await runTrain(['gradcheck', 'table.yaml'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok +model\.0\.W \(4, 8\) .*\n(?:ok .*\n){3}passed: largest relative error /);
});
