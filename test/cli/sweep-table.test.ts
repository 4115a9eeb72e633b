// The trials of a sweep in terminals of several widths: no parameter that varies is ever hidden.
import { describe, expect, test } from 'vitest';
import { type SweepTable, sweepTable } from '#lockstep/cli/sweep-table.js';

const paths = [
  'optimizer.learningRate',
  'model[0].units',
  'model[2].units',
  'optimizer.weightDecay',
  'batchSize',
  'schedule.warmup',
  'model[1].rate',
  'data.augment.shift.horizontalPixels',
];

const sweep = (count: number, values: readonly unknown[] = [0.001, 0.0123]) =>
  ({
    dimensions: paths
      .slice(0, count)
      .map((path) => ({ kind: 'choice', path, values, probabilities: [0.5, 0.5], origin: () => path })),
    objective: { name: 'val_accuracy', goal: 'maximize' },
    seeds: 1,
  }) as never;

const terminal = (columns: number) => ({ live: true, columns: () => columns });
const pipe = { live: false, columns: () => 80 };

/** Values that are found nowhere else in a row. */
const parametersOf = (count: number) => paths.slice(0, count).map((_, i) => `0.0${i}7${i}`);

const rowOf = (table: SweepTable, parameters: readonly string[]) =>
  table.lines({ trial: '12', status: 'finished', epochs: '20', value: '98.12%', best: '98.30%', parameters });

describe.each([2, 4, 8])('%d parameters that vary', (count) => {
  const parameters = parametersOf(count);

  test.each([130, 80, 60, 40])('all show in %d columns, and no line is too long', (columns) => {
    const table = sweepTable(sweep(count), terminal(columns));
    const lines = rowOf(table, parameters);
    for (const value of parameters) expect(lines.join('\n')).toContain(value);
    // The figure by which trials are judged stays, too.
    expect(lines[0]).toContain('98.12%');
    expect(Math.max(...[table.heading, ...lines].map((line) => line.length))).toBeLessThan(columns);
  });

  test('each has its column, with its whole name, if a program reads them', () => {
    const table = sweepTable(sweep(count), pipe);
    const lines = rowOf(table, parameters);
    expect(lines).toHaveLength(1);
    for (const value of [...parameters, '98.30%']) expect(lines[0]).toContain(value);
    expect(table.heading).toContain('learningRate');
    expect(table.heading).not.toContain('…');
  });
});

test('other columns go first, then letters of names, and then the parameters go below the trial', () => {
  const heading = (columns: number) => sweepTable(sweep(2), terminal(columns)).heading;
  expect(heading(69)).toBe('trial  status     epochs    val acc       best  learningRate   units');
  expect(heading(68)).toBe('trial  status     epochs    val acc  learningRate   units');
  expect(heading(57)).toBe('trial  status      val acc  learningRate   units');
  expect(heading(48)).toBe('trial  status      val acc  learn…   units');
  expect(heading(42)).toBe('trial  status     epochs    val acc');
});

test('below a trial, each parameter has its name', () => {
  const table = sweepTable(sweep(4), terminal(50));
  expect(table.heading).toBe('trial  status     epochs    val acc       best');
  expect(rowOf(table, ['0.001', '128', '64', '0.0001'])).toEqual([
    '   12  finished       20     98.12%     98.30%',
    '       learningRate 0.001 · model[0].units 128',
    '       model[2].units 64 · weightDecay 0.0001',
  ]);
});

test('names are not cut to the same letters', () => {
  // model[0].units and model[2].units differ only in their seventh letter.
  const table = sweepTable(sweep(3, [1, 2]), terminal(50));
  expect(table.heading).not.toContain('model[');
  expect(rowOf(table, ['0.1', '1', '2']).join('\n')).toMatch(/model\[0\]\.units 1\n +model\[2\]\.units 2/);
});

test('values are never cut, however long', () => {
  const long =
    'adam (beta1 0.9, beta2 0.999, weightDecay 0.01, epsilon 0.00000001, anExtremelyLongSettingOfAll 1)';
  const table = sweepTable(sweep(1, ['sgd', long]), terminal(60));
  const [, ...below] = rowOf(table, [long]);
  expect(below.map((line) => line.trim()).join(' ')).toBe(`learningRate ${long}`);
  expect(rowOf(sweepTable(sweep(1, ['sgd', long]), pipe), [long])[0]).toContain(long);
});

test('a multiple of a quantum has room', () => {
  const dimension = { kind: 'interval', path: 'rate', scale: 'linear', min: 0, max: 1, quantum: 0.25 };
  const table = sweepTable(
    { dimensions: [dimension], objective: { name: 'val_loss' }, seeds: 1 } as never,
    terminal(80),
  );
  expect(rowOf(table, ['0.75'])[0]).toMatch(/ 0\.75$/);
});
