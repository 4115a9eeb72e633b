// What may have been meant by a path at which nothing lies.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { openSamples } from '#lockstep/data/open-samples.js';
import { readPicture } from '#lockstep/data/pictures/read.js';
import { didYouMean, meantPath } from '#lockstep/platform/meant-path.js';
import { readPretrained } from '#lockstep/run/read-pretrained.js';
import { temporaryFolder } from '../support/data-files.ts';

async function folder(): Promise<(...path: string[]) => string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'data', 'inner'), { recursive: true });
  for (const file of ['iris.csv', 'wine.csv', '.hidden.csv', join('data', 'seven.png')]) {
    await writeFile(join(root, file), '');
  }
  return (...path) => join(root, ...path);
}

test('the nearest name in the same folder', async () => {
  const at = await folder();
  expect(meantPath(at('irsi.csv'))).toBe(at('iris.csv'));
  expect(meantPath(at('Wine.CSV'))).toBe(at('wine.csv'));
  expect(meantPath(at('iris'))).toBe(at('iris.csv'));
  expect(meantPath(at('something else'))).toBeUndefined();
  expect(meantPath(at('hidden.csv'))).toBeUndefined();
  expect(didYouMean(at('data', 'sevn.png'))).toEqual({ hint: `did you mean ${at('data', 'seven.png')}?` });
  expect(didYouMean(at('data', 'eight.jpg'))).toEqual({});
});

test('or in the folder that may have been meant', async () => {
  const at = await folder();
  expect(meantPath(at('dat', 'seven.png'))).toBe(at('data', 'seven.png'));
  expect(meantPath(at('dta', 'sven.png'))).toBe(at('data', 'seven.png'));
  expect(meantPath(at('nowhere', 'at all', 'seven.png'))).toBeUndefined();
  // Something that is a file has nothing in it.
  expect(meantPath(at('iris.csv', 'seven.png'))).toBeUndefined();
});

test('words that are no paths, and only what can have been meant', async () => {
  const at = await folder();
  expect(meantPath(at('mnits'), { words: ['mnist'] })).toBe('mnist');
  expect(meantPath(at('nowhere', 'mnsit'), { words: ['mnist'] })).toBe('mnist');
  expect(meantPath(at('irsi.csv'), { accept: (path) => path.endsWith('wine.csv') })).toBeUndefined();
});

test('a path below the folder that one is in is told from there', async () => {
  const near = meantPath(join(process.cwd(), 'pakage.json'));
  expect(near).toBe('package.json');
  expect(relative(process.cwd(), near!)).toBe('package.json');
});

test('all that opens files says so', async () => {
  const at = await folder();
  const iris = `did you mean ${at('iris.csv')}?`;
  await expect(openDataset(at('irs.csv'))).rejects.toThrow(iris);
  await expect(openSamples(at('irs.csv'), {} as never, {}, 'test')).rejects.toThrow(iris);
  await expect(readPretrained(at('irs.csv'))).rejects.toThrow(iris);
  await expect(readPicture(at('data', 'sevne.png'))).rejects.toThrow(at('data', 'seven.png'));
  await expect(openDataset(at('nothing like it'))).rejects.toThrow(/got no such file or folder$/);
});
