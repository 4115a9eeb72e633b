import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { openRun } from '#lockstep/run/open-run.js';
import { temporaryFolder, writeFiles } from '../support/data-files.ts';
import { preparedFolder } from '../support/prepared-folder.ts';
import { runTrain } from '../support/run-cli.ts';
import { toyExperiment, toyFiles } from '../support/toy-data.ts';

const experiment = toyExperiment
  .replace('units: classes', 'units: targets')
  .replace('source: data, validation: 100', 'source: data, validation: 0.1');

/** Trains on this table, by default in a new folder. */
async function trainedOn(
  name: string,
  text: string,
  settings: readonly string[] = [],
  given?: string,
): Promise<string> {
  const cwd = given ?? (await temporaryFolder());
  await writeFiles(cwd, { [name]: text, 'toy.yaml': experiment });
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const args = ['toy.yaml', '--data', name, '--out', 'run', '--quiet', ...sets];
  const { code, stderr } = await runTrain(args, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  return cwd;
}

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const linesOf = (text: string) => text.trimEnd().split('\n');
const table = (header: string, rows: readonly (readonly unknown[])[]) => `${[header, ...rows].join('\n')}\n`;

/** Passengers: an id, a word, a number, and three classes that the number tells. */
const passengers = Array.from({ length: 90 }, (_, i) => [
  `P${100 + i}`,
  ['first', 'second, upper', 'third'][(i * 5) % 3],
  10 * (i % 3) + ((i * 7) % 4),
  ['no', 'perhaps', 'yes'][i % 3],
]);
const quoted = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => row.map((cell) => (String(cell).includes(',') ? `"${cell}"` : cell)));

const trainedOnPassengers = preparedFolder((cwd) => {
  const text = table('PassengerId,deck,fare,survived', quoted(passengers));
  return trainedOn('people.csv', text, ['data.target=survived'], cwd);
});

test('rows of a table: the id under its name, the class by its name, columns matched by name', async () => {
  const cwd = await trainedOnPassengers();
  // Another order, a column more, and no target.
  const rows = passengers.slice(0, 40).map(([id, deck, fare]) => [id, fare, 'x', deck]);
  await writeFiles(cwd, { 'rows.csv': table('PassengerId,fare,port,deck', quoted(rows)) });
  const { code, stdout, stderr } = await runTrain(['predict', 'run', 'rows.csv'], { cwd });
  expect([code, stderr]).toEqual([0, 'rows.csv: not used: "port"\n']);
  const [head, ...lines] = linesOf(stdout);
  expect(head).toBe('PassengerId,survived');
  expect(lines.map((line) => line.split(',')[0])).toEqual(rows.map(([id]) => id));
  const right = lines.filter((line, i) => line.split(',')[1] === passengers[i]![3]).length;
  expect(right).toBeGreaterThan(36);

  const likely = await runTrain(['predict', 'run', 'rows.csv', '--probabilities', '--json'], { cwd });
  const objects = linesOf(likely.stdout).map((line) => JSON.parse(line));
  for (const [i, object] of objects.entries()) {
    expect(Object.keys(object)).toEqual(['PassengerId', 'survived', 'p_no', 'p_perhaps', 'p_yes']);
    expect(`${object.PassengerId},${object.survived}`).toBe(lines[i]);
    expect(object.p_no + object.p_perhaps + object.p_yes).toBeCloseTo(1, 12);
    expect(object[`p_${object.survived}`]).toBe(Math.max(object.p_no, object.p_perhaps, object.p_yes));
  }

  // A file with the target can be predicted too, and is better evaluated.
  const labelled = await runTrain(['predict', 'run', 'people.csv'], { cwd });
  expect(linesOf(labelled.stdout)).toHaveLength(91);
  expect(labelled.stderr).toBe(
    'people.csv: has "survived"; `train evaluate run --data people.csv` says how many are right\n',
  );
});

test('what is missing is named, unknown words are counted, gaps are refused with their line', async () => {
  const cwd = await trainedOnPassengers();
  await writeFiles(cwd, {
    'short.csv': 'PassengerId,survived\nP1,no\n',
    'words.csv': 'deck,fare\nfirst,3\nfourth,4\nfifth,5\nfourth,6\n',
    'gap.csv': 'deck,fare\nfirst,3\nfirst,\n',
  });
  const short = await runTrain(['predict', 'run', 'short.csv'], { cwd });
  expect([short.code, short.stdout]).toEqual([3, '']);
  expect(short.stderr).toBe(
    'train: short.csv: expected the columns "deck", "fare", which the network reads, ' +
      'got "PassengerId", "survived"\n',
  );
  const words = await runTrain(['predict', 'run', 'words.csv'], { cwd });
  expect(words.stderr).toBe(
    'words.csv: column "deck" has words in 3 rows that the training did not have: "fourth", "fifth"\n',
  );
  expect(linesOf(words.stdout).map((line) => line.split(',')[0])).toEqual(['id', '1', '2', '3', '4']);
  const gap = await runTrain(['predict', 'run', 'gap.csv'], { cwd });
  expect(gap.code).toBe(3);
  expect(gap.stderr).toMatch(/^train: gap\.csv:3: expected a value in column "fare", got none/);
  const nowhere = await runTrain(['predict', 'run', 'nowhere.csv'], { cwd });
  expect([nowhere.code, linesOf(nowhere.stderr)]).toEqual([3, [expect.stringContaining('nowhere.csv')]]);
});

test('values in the unit of the user, gaps by the rule of the run, as the library predicts', async () => {
  const rows = Array.from({ length: 80 }, (_, i) => {
    const [area, rooms] = [50 + ((i * 37) % 100), 1 + (i % 5)];
    return [i % 9 === 0 ? '' : area, rooms, 2000 * area + 10_000 * rooms, area / 10];
  });
  const cwd = await trainedOn('houses.csv', table('area,rooms,price,rent', rows), [
    'data.target=[price, rent]',
    'loss=mean-squared-error',
    'data.missing=mean',
  ]);
  await writeFiles(cwd, { 'rows.csv': 'area,rooms\n60,2\n,3\n120.5,5\n' });
  const { code, stdout, stderr } = await runTrain(['predict', 'run', 'rows.csv'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const run = await openRun(join(cwd, 'run'));
  const own = run.predict(Float64Array.of(60, 2, Number.NaN, 3, 120.5, 5));
  expect(linesOf(stdout)).toEqual([
    'id,price,rent',
    ...[0, 1, 2].map((i) => `${i + 1},${own[2 * i]},${own[2 * i + 1]}`),
  ]);
  expect(own[0]).toBeGreaterThan(80_000);
  expect(own[0]).toBeLessThan(250_000);
  const refused = await runTrain(['predict', 'run', 'rows.csv', '--probabilities'], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    'expected a network that predicts classes or flags, got one that predicts',
  );
});

test('flags as they were written', async () => {
  const rows = Array.from({ length: 80 }, (_, i) => [i % 4, i % 4 > 1 ? 'ja' : 'nein', i % 2]);
  const cwd = await trainedOn('flags.csv', table('a,old,odd', rows), [
    'data.target=[old, odd]',
    'loss=binary-cross-entropy',
    'data.task=flags',
    'epochs=30',
    'optimizer.learningRate=0.3',
  ]);
  await writeFiles(cwd, { 'rows.csv': 'a\n0\n3\n' });
  const { stdout } = await runTrain(['predict', 'run', 'rows.csv', '--probabilities'], { cwd });
  const [head, ...lines] = linesOf(stdout).map((line) => line.split(','));
  expect(head).toEqual(['id', 'old', 'odd', 'p_old', 'p_odd']);
  expect(lines.map((line) => line[1])).toEqual(['nein', 'ja']);
  for (const [, old, odd, likelyOld, likelyOdd] of lines) {
    expect(old).toBe(Number(likelyOld) > 0.5 ? 'ja' : 'nein');
    expect(odd).toBe(Number(likelyOdd) > 0.5 ? '1' : '0');
  }
});

/** The toy pictures as Kaggle gives digits: names of pixels, with the label in front or without it. */
function toyCsv(part: 'train' | 't10k', labelled: boolean, count: number): string {
  const files = toyFiles();
  const images = files[`${part}-images-idx3-ubyte`]!.subarray(16);
  const labels = files[`${part}-labels-idx1-ubyte`]!.subarray(8);
  const names = [...(labelled ? ['label'] : []), ...Array.from({ length: 64 }, (_, p) => `pixel${p}`)];
  const rows = Array.from({ length: count }, (_, i) => [
    ...(labelled ? [labels[i]] : []),
    ...images.subarray(64 * i, 64 * (i + 1)),
  ]);
  return table(names.join(), rows);
}

test('a submission to Kaggle is one command; a file is written again, but never data', async () => {
  const cwd = await trainedOn('train.csv', toyCsv('train', true, 300));
  await writeFiles(cwd, { 'test.csv': toyCsv('t10k', false, 100) });
  const args = ['predict', 'run', 'test.csv', '--columns', 'ImageId,Label', '--out', 'new/submission.csv'];
  for (const _ of [1, 2]) {
    const { code, stdout, stderr } = await runTrain(args, { cwd });
    expect([code, stdout, stderr]).toEqual([0, 'predictions    100 rows in new/submission.csv\n', '']);
  }
  const [head, ...lines] = linesOf(read(cwd, 'new/submission.csv'));
  expect(readdirSync(join(cwd, 'new'))).toEqual(['submission.csv']);
  expect(head).toBe('ImageId,Label');
  const labels = toyFiles()['t10k-labels-idx1-ubyte']!.subarray(8, 108);
  const cells = lines.map((line) => line.split(',').map(Number));
  expect(cells.map(([id]) => id)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(cells.filter(([, label], i) => label === labels[i]).length).toBeGreaterThan(90);

  const before = read(cwd, 'train.csv');
  for (const [out, message] of [
    ['test.csv', 'train: --out: expected another file than the data, got test.csv\n'],
    ['train.csv', 'train: --out: expected another file than the data, got train.csv\n'],
    ['run', 'train: --out: expected a file, got run, a folder\n'],
  ]) {
    const refused = await runTrain(['predict', 'run', 'test.csv', '--out', out!], { cwd });
    expect([refused.code, refused.stderr]).toEqual([2, message]);
  }
  expect(read(cwd, 'train.csv')).toBe(before);
  const names = await runTrain(['predict', 'run', 'test.csv', '--columns', 'a,b,c'], { cwd });
  expect([names.code, names.stderr]).toEqual([
    2,
    'train: --columns: expected 2 names, for id, label, got 3: a, b, c\n',
  ]);

  // An id in front is none of the pixels, and no label.
  const withId = linesOf(toyCsv('t10k', false, 100)).map(
    (line, i) => `${i === 0 ? 'ImageId' : 500 + i},${line}`,
  );
  await writeFiles(cwd, { 'ids.csv': `${withId.join('\n')}\n` });
  const ids = await runTrain(['predict', 'run', 'ids.csv'], { cwd });
  expect([ids.code, ids.stderr]).toEqual([0, '']);
  expect(linesOf(ids.stdout).slice(0, 2)).toEqual(['ImageId,label', `501,${cells[0]![1]}`]);

  // Several files make one table.
  const two = await runTrain(['predict', 'run', 'test.csv', 'test.csv', '--probabilities'], { cwd });
  const all = linesOf(two.stdout);
  expect(all[0]).toBe('file,id,label,p_0,p_1,p_2,p_3');
  expect(all).toHaveLength(201);
  expect(all[150]!.split(',').slice(0, 3)).toEqual(['test.csv', '50', String(cells[49]![1])]);
});

test('IDX files, and pictures as a table', async () => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'data'));
  await writeFiles(join(cwd, 'data'), toyFiles());
  await writeFile(join(cwd, 'toy.yaml'), toyExperiment);
  await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd });
  const { code, stdout } = await runTrain(['predict', 'run', 'data'], { cwd });
  expect(code).toBe(0);
  const rows = Papa.parse<string[]>(stdout.trimEnd()).data;
  expect(rows[0]).toEqual(['id', 'label']);
  const labels = [...toyFiles()['t10k-labels-idx1-ubyte']!.subarray(8)];
  const summary = JSON.parse(read(cwd, 'run/summary.json'));
  const right = labels.filter((label, i) => rows[1 + i]![1] === String(label)).length;
  expect(right / labels.length).toBe(summary.test.accuracy);

  const images = toyFiles()['t10k-images-idx3-ubyte']!;
  for (const i of [0, 1]) {
    const data = images.subarray(16 + 64 * i, 16 + 64 * (i + 1));
    await writeFile(join(cwd, `${i}.png`), encode({ width: 8, height: 8, channels: 1, data }));
  }
  await writeFile(join(cwd, 'no.png'), 'no picture');
  const files = ['0.png', 'no.png', '1.png'];
  const pictures = await runTrain(['predict', 'run', ...files, '--out', 'p.csv'], { cwd });
  expect(pictures.code).toBe(3);
  expect(linesOf(read(cwd, 'p.csv'))).toEqual(['file,label', `0.png,${rows[1]![1]}`, `1.png,${rows[2]![1]}`]);
  const mixed = await runTrain(['predict', 'run', '0.png', 'data'], { cwd });
  expect([mixed.code, mixed.stderr]).toEqual([
    2,
    'train: data: expected pictures only, or files of rows only, got this beside pictures\n',
  ]);
  expect(existsSync(join(cwd, 'data'))).toBe(true);
});
