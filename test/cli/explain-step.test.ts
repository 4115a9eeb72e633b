// `train explain --sample 7 --step 1`: the lines fit the terminal and say the numbers, and the options say
// what is wrong with them.
import { describe, expect, test } from 'vitest';
import { stepLines } from '#lockstep/cli/explain-step.js';
import { namedLines, numberLines, short } from '#lockstep/cli/number-lines.js';
import { twoMoons } from '#lockstep/data/made/two-moons.js';
import { openData } from '#lockstep/data/open-dataset.js';
import { readExperiment } from '#lockstep/experiment/read.js';
import { explainStep } from '#lockstep/training/explain-step.js';
import { goldenTasks, resolve } from '../../scripts/golden.mjs';
import { runTrain } from '../support/run-cli.ts';
import { tinyDataset, tinyExperiment } from '../support/tiny.ts';
import { toyFolder } from '../support/toy-folder.ts';

/** A terminal of so many columns, or a pipe. */
const reader = (columns?: number): Parameters<typeof stepLines>[3] => ({
  write() {},
  line() {},
  paint: (_, text) => text,
  live: columns !== undefined,
  columns: () => columns ?? 80,
  rows: () => 24,
});

const dense = (units: number | 'classes' | 'targets') => ({ kind: 'dense', units });

describe('no line is wider than the terminal, and nothing is lost', () => {
  const block = { kind: 'residual', layers: [dense(40), 'relu', dense(40)] };
  test.each<[string, object, ReturnType<typeof tinyDataset>]>([
    [
      'pictures',
      { model: [dense(40), block, 'batch-norm', dense('classes')] },
      tinyDataset({ height: 9, width: 9 }),
    ],
    [
      'feature maps',
      {
        model: [
          { kind: 'conv', channels: 12, kernel: 3, groups: 1 },
          'batch-norm',
          { kind: 'residual', layers: [{ kind: 'conv', channels: 12, kernel: 3, padding: 1 }] },
          'max-pool',
          dense('classes'),
        ],
      },
      tinyDataset({ height: 9, width: 9 }),
    ],
    ['a table of words', goldenTasks.table.settings, goldenTasks.table.dataset({ train: 90 })],
    ['values', goldenTasks.values.settings, goldenTasks.values.dataset({ train: 120 })],
    ['flags', goldenTasks.flags.settings, goldenTasks.flags.dataset({ train: 120 })],
  ])('%s', async (name, settings, dataset) => {
    const experiment = /pictures|maps/.test(name) ? tinyExperiment(settings) : resolve(settings as never);
    const explained = await explainStep(experiment, dataset, { step: 2 });
    for (const columns of [40, 60, 80, 130]) {
      const lines = stepLines(experiment, dataset, explained, reader(columns));
      for (const line of lines) expect(line.length, line).toBeLessThan(columns);
      expect(lines.join('\n')).not.toContain('undefined');
      for (const { path } of explained.layers) {
        // Forward, backward, and its parameters.
        expect(lines.filter((line) => line.includes(`${path} `)).length, path).toBeGreaterThan(1);
      }
    }
  });
});

test('the shapes of feature maps, and all indices of a window, are shown', async () => {
  const model = [{ kind: 'conv', channels: 2, kernel: [3, 2] }, 'relu', 'max-pool', dense('classes')];
  const experiment = tinyExperiment({ model });
  const dataset = tinyDataset({ height: 9, width: 9 });
  const explained = await explainStep(experiment, dataset, { step: 2 });
  const { layers, sample } = explained;
  expect(layers.map(({ shape }) => shape)).toEqual([[7, 8, 2], [7, 8, 2], [3, 4, 2], [3]]);
  const text = stepLines(experiment, dataset, explained, reader()).join('\n');
  expect(text).toContain('  model[2] max-pool (3, 4, 2)\n');
  expect(text).toContain('\nmodel[0] conv: W (3, 2, 1, 2), 12 numbers, ');
  expect(text).toMatch(/^ {2}\[2, 1, 0, 1\] /m);
  // One place of the output by hand: line 1, column 2, channel 1.
  const [W, b] = layers[0]!.parameters.map(({ before }) => before);
  let sum = b![1]!;
  for (let ky = 0; ky < 3; ky++) {
    for (let kx = 0; kx < 2; kx++)
      sum += sample.prepared[(1 + ky) * 9 + 2 + kx]! * W![(ky * 2 + kx) * 2 + 1]!;
  }
  expect(layers[0]!.output[(1 * 8 + 2) * 2 + 1]).toBeCloseTo(sum, 5);
});

test('a small network is shown in full', async () => {
  const model = [dense(3), 'tanh', dense('classes')];
  const experiment = tinyExperiment({ model, batchSize: 1, optimizer: { kind: 'sgd', learningRate: 0.5 } });
  const dataset = twoMoons({ samples: 40 });
  const explained = await explainStep(experiment, dataset, { sample: 7 });
  const { sample, layers, step } = explained;
  const text = stepLines(experiment, dataset, explained, reader()).join('\n');
  expect(text).toContain(`tiny: step ${step} of 32, sample 7 in row 1\nstep ${step} of 32 in epoch 1; `);
  expect(text).toContain(`class                     ${['upper', 'lower'][sample.target[0]!]}\n`);
  expect(text).toContain('update: sgd, learning rate 0.5; the gradient is that of the sample\n');
  const numbers = layers.flatMap(({ output, gradient, parameters }) => [
    ...output,
    ...gradient!,
    ...parameters.flatMap(({ before, gradient, after }) => [...before, ...gradient!, ...after]),
  ]);
  expect(numbers).toHaveLength(2 * 8 + 3 * 17);
  const written = text.split(/[\s,]+/);
  for (const value of [...numbers, ...sample.prepared, ...sample.probabilities!, sample.loss]) {
    expect(written).toContain(short(value));
  }
  expect(text).not.toContain('…');
  expect(text).toMatch(/^model\[0\] dense: W \(2, 3\), 6 numbers, gradient of norm \S+$/m);
  const row = [0, 1].flatMap((i) => [0, 1, 2].map((j) => [`[${i}, ${j}]`, 3 * i + j] as const));
  for (const [place, at] of row) {
    const { before, gradient, after } = layers[0]!.parameters[0]!;
    const cells = [before, gradient!, after].map((values) => short(values[at]!));
    expect(text).toMatch(new RegExp(`^  ${[place, ...cells].map(escaped).join(' +')}$`, 'm'));
  }
});

const escaped = (text: string) => text.replace(/[[\].+-]/g, '\\$&');

describe('rows of numbers', () => {
  const numbers = Float64Array.from({ length: 300 }, (_, i) => i / 7);

  test('what is cut is counted', () => {
    const lines = numberLines('model[0] dense (300)', numbers, 80);
    expect(lines).toHaveLength(2);
    const [, more] = /… (\d+) more$/.exec(lines[1]!)!;
    const shown = lines
      .join(' ')
      .replace(/^ *model\S+ dense \S+|….*/g, '')
      .trim()
      .split(/ +/);
    expect(shown.length + Number(more)).toBe(300);
    expect(shown).toEqual(Array.from(numbers.subarray(0, shown.length), short));
  });

  test('zeros at the beginning are counted', () => {
    const lines = numberLines('prepared (300)', numbers, 100, 10);
    expect(lines[0]).toMatch(/^ {2}prepared \(300\) +10 zeros … +1\.4286 /);
    const [, more] = /… (\d+) more$/.exec(lines[1]!)!;
    const shown = lines
      .join(' ')
      .replace(/.*zeros …|….*/g, '')
      .trim()
      .split(/ +/);
    expect(10 + shown.length + Number(more)).toBe(300);
  });

  test('few are all shown, texts with commas', () => {
    expect(numberLines('x', numbers.subarray(0, 10), 60).join('\n')).not.toContain('…');
    expect(namedLines('names', ['a'.repeat(20), 'b'.repeat(20), 'c'], 50)).toEqual([
      `  names               ${'a'.repeat(20)},`,
      `                      ${'b'.repeat(20)}, c`,
    ]);
  });
});

test('the command prints it, as JSON in full, and refuses what it cannot show', async () => {
  const cwd = await toyFolder();
  const { code, stdout, stderr } = await runTrain(['explain', 'toy.yaml', '--step', '22', '--json'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const text = `name: toy\nseed: 5\ndata: { source: ${cwd}/data, validation: 100 }\n`;
  const rest = 'model:\n  - { kind: dense, units: 16 }\n  - relu\n  - { kind: dense, units: classes }\n';
  const more = 'optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }\nbatchSize: 25\nepochs: 3\n';
  const { experiment } = readExperiment(text + rest + more, { file: 'toy.yaml', name: 'toy' });
  const plain = (_: string, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  const expected = await explainStep(experiment, await openData(experiment), { step: 22 });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected, plain)));

  for (const [args, message] of [
    [['--sample', '601'], '--sample: expected a training sample from 1 to 600, got 601'],
    [['--step', '61'], '--step: expected a step of the training from 1 to 60, got 61'],
    [['--sample', 'x'], '--sample: expected an integer from 1 to 999,999, got "x"'],
    [
      ['--json'],
      '--json: expected a step to show the numbers of, got none; name it with --sample, --step, or both',
    ],
  ] as const) {
    const { code, stdout, stderr } = await runTrain(['explain', 'toy.yaml', ...args], { cwd });
    expect([code, stdout, stderr]).toEqual([2, '', `train: ${message}\n`]);
  }
}, 60_000);
