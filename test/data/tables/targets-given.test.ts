// What stands in target columns of rows for a trained network: a word is never scored by its index.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Targets } from '#lockstep/contracts/task.js';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import type { Signature } from '#lockstep/data/split.js';
import { dataError, temporaryFolder, writeFiles } from '../../support/data-files.ts';

function signatureFor(targets: Targets): Signature {
  return {
    features: { kind: 'floats', shape: [1], columns: [{ kind: 'number', name: 'a' }] },
    targets,
    preparation: { kind: 'columns', columns: [{ kind: 'number', name: 'a', shift: 0, scale: 1 }] },
    unit: { mean: [0], deviation: [1] },
  };
}

async function written(text: string, name = 'rows.csv'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: text });
  return join(folder, name);
}

const values: Targets = { kind: 'values', names: ['y'] };
const flags: Targets = { kind: 'flags', names: ['y'] };
const answers: Targets = { kind: 'flags', names: ['y'], yes: ['yes'], no: ['no'] };
const numbered: Targets = { kind: 'classes', count: 3, column: 'y' };
const named: Targets = { kind: 'classes', count: 2, names: ['cat', 'dog'], column: 'y' };
const unnamed: Targets = { kind: 'classes', count: 3, column: 'column 2' };

test.each<[what: string, targets: Targets, text: string, message: string]>([
  [
    'values',
    values,
    'a,y\n1,2.5\n2,abc\n',
    ':3: expected a number in column "y", as in the training data, got "abc"',
  ],
  ['flags', flags, 'a,y\n1,0\n2,1\n3,maybe\n', ':4: expected 0 or 1 in column "y", got "maybe"'],
  ['flags', flags, 'a,y\n1,0\n2,2\n', ':3: expected 0 or 1 in column "y", got 2'],
  [
    'answers',
    answers,
    'a,y\n1,yes\n2,no\n3,perhaps\n',
    ':4: expected no or yes in column "y", got "perhaps"',
  ],
  [
    'numbered classes',
    numbered,
    'a,y\n1,0\n2,x\n',
    ':3: expected a number in column "y", as in the training data, got "x"',
  ],
  [
    'named classes',
    named,
    'a,y\n1,cat\n2,cow\n',
    ':3: expected one of the 2 classes of the network in column "y", got "cow"',
  ],
  [
    'classes without a header',
    unnamed,
    '1.5,0\n2.5,x\n3.5,y\n',
    ':2: expected a number in column "column 2", got "x"',
  ],
])('%s that are none are told with their line', async (_, targets, text, message) => {
  const file = await written(text);
  const format = targets === unnamed ? { target: 'last' } : {};
  for (const wanted of ['test', 'rows'] as const)
    expect(await dataError(openSamples(file, signatureFor(targets), format, wanted))).toBe(file + message);
});

test('values, flags and classes are read as what they are', async () => {
  const read = async (targets: Targets, cells: readonly string[]) => {
    const file = await written(`a,y\n${cells.map((cell, i) => `${i}.5,${cell}\n`).join('')}`);
    return [...(await openSamples(file, signatureFor(targets), {}, 'test')).samples.targets];
  };
  expect(await read(values, ['2.5', '-1'])).toEqual([2.5, -1]);
  expect(await read(flags, ['0', '1', '0'])).toEqual([0, 1, 0]);
  expect(await read(answers, ['yes', 'no', 'yes'])).toEqual([1, 0, 1]);
  expect(await read(named, ['dog', 'cat'])).toEqual([1, 0]);
});

test('rows to predict may have an empty column of the target; a test may not', async () => {
  const file = await written('a,y\n1,\n2,?\n');
  expect((await openSamples(file, signatureFor(values), {}, 'rows')).labelled).toBe(false);
  expect(await dataError(openSamples(file, signatureFor(values), {}, 'test'))).toBe(
    `${file}:2: expected a value in column "y", got nothing`,
  );
});

test('flags of -1 and 1 keep what is written for no', async () => {
  const file = await written('a,y\n1,-1\n2,1\n3,1\n4,-1\n5,1\n');
  const { targets } = await openDataset(file, { target: 'y', task: 'flags' });
  expect(targets).toEqual({ kind: 'flags', names: ['y'], yes: ['1'], no: ['-1'] });
});

test('labels of pictures in a test file are numbers if those of the training are', async () => {
  const folder = await temporaryFolder();
  const pixels = 'id,label,pixel0,pixel1,pixel2,pixel3\n';
  await writeFiles(folder, {
    'train.csv': `${pixels}1,0,1,2,3,4\n2,1,5,6,7,8\n3,0,1,1,1,1\n`,
    'test.csv': `${pixels}1,0,1,2,3,4\n2,x,5,6,7,8\n`,
  });
  expect(await dataError(openDataset(join(folder, 'train.csv')))).toBe(
    `${join(folder, 'test.csv')}:3: expected a number in column "label", as in the training data, got "x"`,
  );
});
