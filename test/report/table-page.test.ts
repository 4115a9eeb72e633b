// The page of a table's training: rows, names, values and flags, and no word of images.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRun } from '#lockstep/run/open-run.js';
import { attribute, cellsOf, jsonIn, type Page, readPage, textIn } from '../support/page.ts';
import { runTrain } from '../support/run-cli.ts';
import { tableFolder } from '../support/table-folder.ts';

/** Trains in a folder of tables, and opens the page. */
async function trained(task: Parameters<typeof tableFolder>[0]): Promise<{ cwd: string; page: Page }> {
  const cwd = await tableFolder(task);
  const { code, stderr } = await runTrain(['table.yaml', '--out', 'run', '--quiet'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  return { cwd, page: readPage(join(cwd, 'run/report.html')) };
}

/** The text that a reader sees. */
const seen = ({ elements }: Page) => textIn(elements.find(({ tagName }) => tagName === 'main')!);
const headings = ({ elements }: Page) =>
  elements.filter(({ tagName }) => tagName === 'h2').map((heading) => textIn(heading));
const titles = (page: Page) => (jsonIn(page, 'charts') as { title: string }[]).map(({ title }) => title);
const drawings = ({ elements }: Page) =>
  elements.filter(
    ({ tagName, attrs }) =>
      tagName === 'svg' && attrs.some(({ name, value }) => name === 'class' && value === 'drawing'),
  );
const circles = (drawing: Page['elements'][number]) =>
  drawing.childNodes.filter(({ nodeName }) => nodeName === 'circle').length;
/** The table of settings is the user's own text. */
const summaryOf = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'run/summary.json'), 'utf8'));

/** What a page says of the network itself. */
const inside = [
  'Try a row of your own',
  'Weights of the first layer',
  'The network',
  'Sizes of weights and gradients',
];

test('classes: names, the worst mistakes as rows, importance and preparation', async () => {
  const { cwd, page } = await trained('classes');
  expect(headings(page)).toEqual([
    'Learning curves',
    'Confusion on the test set',
    'Classes',
    'Which columns matter',
    'Predictions',
    ...inside,
    'How the data was prepared',
    'What was run',
  ]);
  expect(seen(page)).not.toMatch(/image|picture/i);
  expect(seen(page)).toMatch(/\d+ of 60 rows/);
  expect(seen(page)).toContain('20 % of the training rows were held out');
  expect(page.text, 'a name of a class is text').not.toContain('<b>yew</b>');
  const names = ['ash', 'beech', '<b>yew</b>'];
  const { classNames } = summaryOf(cwd);
  expect([...classNames].sort()).toEqual([...names].sort());
  expect(cellsOf(page, 'heat')[1]).toEqual(['actual', ...classNames]);
  expect(
    cellsOf(page, 'classes')
      .slice(1, -1)
      .map(([name]) => name),
  ).toEqual(classNames);

  const [heads, ...rows] = cellsOf(page, 'rows');
  expect(heads).toEqual(['row', 'actual', 'predicted', 'P(actual)', 'x', 'idle', 'place']);
  const table = readFileSync(join(cwd, 'table.csv'), 'utf8').trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(0);
  for (const [, actual, predicted, , x, idle, place] of rows) {
    expect(predicted!.startsWith(`${actual} `), 'a mistake').toBe(false);
    const raw = [x, idle].map((cell) => Number(cell).toFixed(3)).join(',');
    expect(table, 'a row as the file has it').toContain(`${raw},${place},${actual}`);
  }

  expect(cellsOf(page, 'importance')[0]).toEqual(['column', 'accuracy falls by', 'deviation']);
  expect(cellsOf(page, 'importance').at(-1)![0]).toBe('idle');
  const { signature } = await openRun(join(cwd, 'run'));
  const { columns } = signature.preparation as unknown as { columns: { shift: number; scale: number }[] };
  const [, x, , place] = cellsOf(page, 'preparation');
  expect(x!.slice(0, 2)).toEqual(['x', 'number']);
  expect(Number(x![2])).toBeCloseTo(columns[0]!.shift, 3);
  expect(Number(x![3])).toBeCloseTo(columns[0]!.scale, 3);
  expect(place!.slice(0, 3)).toEqual(['place', 'words', 'one input each: north, south']);
});

test('values: predicted against actual, residuals, figures of each and the largest errors', async () => {
  const { cwd, page } = await trained('values');
  expect(headings(page)).toEqual([
    'Learning curves',
    'Values',
    'Predicted and actual values',
    'Which columns matter',
    'Predictions',
    ...inside,
    'How the data was prepared',
    'What was run',
  ]);
  expect(titles(page)).toEqual(['Loss', 'RMSE', 'MAE', 'r2', 'Learning rate', 'Speed']);
  expect(seen(page)).not.toMatch(/image|picture|class/i);
  const { columns } = summaryOf(cwd).test;
  expect(cellsOf(page, 'targets')[0]).toEqual(['value', 'RMSE', 'MAE', 'r2']);
  expect(Number(cellsOf(page, 'targets')[2]![3])).toBeCloseTo(columns.weight.r2, 3);
  expect(drawings(page).map((drawing) => attribute(drawing, 'aria-label'))).toEqual([
    'price: predicted against actual',
    'price: residuals against predicted',
    'price: histogram of the residuals',
    'weight: predicted against actual',
    'weight: residuals against predicted',
    'weight: histogram of the residuals',
  ]);
  expect(drawings(page).map(circles)).toEqual([60, 60, 0, 60, 60, 0]);
  const [heads, ...rows] = cellsOf(page, 'rows');
  expect(heads!.slice(0, 5)).toEqual(['row', 'price', 'predicted', 'weight', 'predicted']);
  expect(rows).toHaveLength(12);
  const prepared = cellsOf(page, 'preparation');
  expect(prepared.at(-1)!.slice(0, 2)).toEqual(['weight', 'predicted']);
});

test('one value: no table of one row; the importance is the rise of its error', async () => {
  const { page } = await trained('value');
  expect(headings(page)).not.toContain('Values');
  expect(drawings(page)).toHaveLength(3);
  expect(cellsOf(page, 'importance')[0]![1]).toBe('RMSE rises by');
});

test('flags: figures of each flag, and rows with a wrong one', async () => {
  const { page } = await trained('flags');
  expect(headings(page).slice(0, 3)).toEqual(['Learning curves', 'Flags', 'Which columns matter']);
  expect(titles(page)).toEqual(['Loss', 'Accuracy', 'F1', 'F1', 'Learning rate', 'Speed']);
  expect(cellsOf(page, 'targets')[0]).toEqual(['flag', 'precision', 'recall', 'F1', 'ROC AUC', 'log loss']);
  const [heads, ...rows] = cellsOf(page, 'rows');
  expect(heads!.slice(1, 5)).toEqual(['wet', 'P(yes)', 'cold', 'P(yes)']);
  const wrong = (actual: string, said: string) =>
    (actual === 'yes') !== Number(said.replace(/[<>%\s]/g, '')) > 50;
  expect(rows.length).toBeGreaterThan(0);
  for (const [, wet, isWet, cold, isCold] of rows) {
    expect(wrong(wet!, isWet!) || wrong(cold!, isCold!), `${wet} ${isWet} ${cold} ${isCold}`).toBe(true);
  }
});

test('the same run gives the same bytes, and without its data it says so', async () => {
  const { cwd } = await trained('values');
  const read = () => readFileSync(join(cwd, 'run/report.html'), 'utf8');
  const before = read();
  expect((await runTrain(['report', 'run'], { cwd })).stderr).toBe('');
  expect(read()).toBe(before);
  rmSync(join(cwd, 'table.csv'));
  const { code, stderr } = await runTrain(['report', 'run'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning the report has no predictions: .*table\.csv/);
  expect(headings(readPage(join(cwd, 'run/report.html')))).toEqual([
    'Learning curves',
    'Values',
    'Predictions',
    ...inside,
    'What was run',
  ]);
});
