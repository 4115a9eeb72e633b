// A built folder is fresh where it is whole and that of the sources.
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFresh, isWhole, sourcesDigest, writeStamp } from '../../scripts/freshness.mjs';

let root: string;
const write = (file: string, text: string) => writeFileSync(join(root, file), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-freshness-'));
  for (const folder of ['src/layers', 'workers', 'scripts', 'dist/src']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) write(file, '{}');
  write('src/layers/dense.ts', 'dense');
  write('scripts/build.mjs', 'build');
  write('dist/src/index.js', 'program');
  write('dist/src/empty.js', '');
});

afterEach(() => rmSync(root, { recursive: true }));

describe('the digest of the sources', () => {
  test.each<[string, () => void]>([
    ['a source', () => write('src/layers/dense.ts', 'Dense')],
    ['a script', () => write('scripts/build.mjs', 'build again')],
    ['the lock', () => write('package-lock.json', '{ }')],
    ['the settings of the compiler', () => write('tsconfig.json', '{ }')],
    ['a source more', () => write('src/layers/relu.ts', '')],
    ['a source fewer', () => rmSync(join(root, 'src/layers/dense.ts'))],
    ['another name', () => renameSync(join(root, 'src/layers/dense.ts'), join(root, 'src/layers/tanh.ts'))],
    ['another folder', () => renameSync(join(root, 'src/layers/dense.ts'), join(root, 'workers/dense.ts'))],
  ])('is another one after a change: %s', (_, change) => {
    const before = sourcesDigest(root);
    change();
    expect(sourcesDigest(root)).not.toBe(before);
  });

  test('is the same where only times have changed, and where something else has', () => {
    const before = sourcesDigest(root);
    utimesSync(join(root, 'src/layers/dense.ts'), 1, 1);
    write('dist/src/index.js', 'another program');
    write('README.md', 'readme');
    expect(sourcesDigest(root)).toBe(before);
  });
});

describe('a built folder', () => {
  const dist = () => join(root, 'dist');

  test('is fresh for the sources that it was made of, and for no others', () => {
    writeStamp(dist(), 'these sources');
    expect(isWhole(dist())).toBe(true);
    expect(isFresh(dist(), 'these sources')).toBe(true);
    expect(isFresh(dist(), 'other sources')).toBe(false);
  });

  test('may have another name meanwhile', () => {
    writeStamp(dist(), 'these sources');
    renameSync(dist(), join(root, 'moved'));
    expect(isFresh(join(root, 'moved'), 'these sources')).toBe(true);
  });

  test.each<[string, () => void]>([
    ['it is not there', () => rmSync(dist(), { recursive: true })],
    ['it has no stamp', () => rmSync(join(dist(), '.stamp.json'))],
    ['it has half a stamp', () => write('dist/.stamp.json', '{ "sources": "these')],
    ['a file is gone', () => rmSync(join(dist(), 'src/empty.js'))],
    ['a file has changed', () => write('dist/src/index.js', 'pr0gram')],
    ['there is a file more', () => write('dist/src/stray.js', '')],
  ])('is not whole when %s', (_, damage) => {
    writeStamp(dist(), 'these sources');
    damage();
    expect(isWhole(dist())).toBe(false);
    expect(isFresh(dist(), 'these sources')).toBe(false);
  });
});
