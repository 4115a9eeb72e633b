// A built folder takes the place of dist/; what killed builds leave is finished or cleared away.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isWhole, writeStamp } from '../../scripts/freshness.mjs';
import { beginFolder, folderName, swapIn, tidyUp } from '../../scripts/swap.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-swap-'));
});

afterEach(() => rmSync(root, { recursive: true }));

/** A built folder that says which one it is; half of one has no stamp yet. */
function built(name: string, says: string, { half = false } = {}): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'program.js'), says);
  if (!half) writeStamp(folder, 'sources');
  return folder;
}

const program = () => readFileSync(join(root, 'dist/program.js'), 'utf8');

/** A process that has ended. */
const ended = spawnSync(process.execPath, ['-e', '']).pid;

describe('a built folder', () => {
  test('takes the place of dist/, of which nothing is left', () => {
    built('dist', 'old');
    writeFileSync(join(root, 'dist/only-in-old.js'), '');
    const folder = beginFolder(root);
    writeFileSync(join(folder, 'program.js'), 'new');
    swapIn(root, folder);
    expect(program()).toBe('new');
    expect(readdirSync(root)).toEqual(['dist']);
    expect(readdirSync(join(root, 'dist'))).toEqual(['program.js']);
  });

  test('becomes dist/ where there is none', () => {
    const folder = beginFolder(root);
    writeFileSync(join(folder, 'program.js'), 'new');
    swapIn(root, folder);
    expect(program()).toBe('new');
  });

  test('is empty in the beginning, whatever an earlier process of our number left', () => {
    built(folderName(process.pid), 'left');
    expect(readdirSync(beginFolder(root))).toEqual([]);
  });
});

describe('what a killed build leaves', () => {
  test('is cleared away, and dist/ stays, when it had not come to the swap', () => {
    built('dist', 'old');
    built(folderName(ended), 'new', { half: true });
    tidyUp(root);
    expect(program()).toBe('old');
    expect(readdirSync(root)).toEqual(['dist']);
  });

  test('becomes dist/ when it was killed between the two renames', () => {
    built(`${folderName(ended)}-old-0`, 'old');
    utimesSync(join(root, `${folderName(ended)}-old-0`), 1, 1);
    built(folderName(ended), 'new');
    tidyUp(root);
    expect(program()).toBe('new');
    expect(readdirSync(root)).toEqual(['dist']);
  });

  test('gives dist/ back when only the old one is whole', () => {
    built(`${folderName(ended)}-old-0`, 'old');
    built(folderName(ended), 'new', { half: true });
    tidyUp(root);
    expect(program()).toBe('old');
    expect(readdirSync(root)).toEqual(['dist']);
  });

  test('is no dist/ when nothing of it is whole', () => {
    built(folderName(ended), 'new', { half: true });
    tidyUp(root);
    expect(readdirSync(root)).toEqual([]);
  });

  test('is left alone while its process runs', () => {
    const folder = built(folderName(process.ppid), 'new');
    tidyUp(root);
    expect(existsSync(folder)).toBe(true);
    expect(existsSync(join(root, 'dist'))).toBe(false);
  });

  test('is left alone for an hour when it is of another machine', () => {
    const folder = built('.build-another.machine-1', 'new', { half: true });
    tidyUp(root);
    expect(existsSync(folder)).toBe(true);
    const before = Date.now() / 1000 - 3601;
    utimesSync(folder, before, before);
    tidyUp(root);
    expect(existsSync(folder)).toBe(false);
  });

  test('and other folders beside dist/ are not touched', () => {
    const names = ['.build', '.build-notes', 'runs', 'src'];
    for (const name of names) built(name, 'mine');
    tidyUp(root);
    expect(readdirSync(root).sort()).toEqual(names);
  });
});

test('four builds at once, thirty times each, leave a whole dist/ and nothing else', async () => {
  built('dist', 'old');
  const scripts = new URL('../../scripts/', import.meta.url).href;
  const builder = `
    import { writeFileSync } from 'node:fs';
    import { join } from 'node:path';
    import { writeStamp } from '${scripts}freshness.mjs';
    import { beginFolder, swapIn, tidyUp } from '${scripts}swap.mjs';
    const [root] = process.argv.slice(1);
    for (let i = 0; i < 30; i++) {
      tidyUp(root);
      const folder = beginFolder(root);
      writeFileSync(join(folder, 'program.js'), String(i));
      writeStamp(folder, 'sources');
      swapIn(root, folder);
    }`;
  const codes = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const args = ['--input-type=module', '-e', builder, root];
      const [code] = await once(
        spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
        'close',
      );
      return code;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  tidyUp(root);
  expect(isWhole(join(root, 'dist'))).toBe(true);
  expect(program()).toBe('29');
  expect(readdirSync(root)).toEqual(['dist']);
});
