// What the build does around its compilers, and the command of a checkout: in a copy that has a dist/ of one
// file and no compilers.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sourcesDigest, writeStamp } from '../../scripts/freshness.mjs';
import { folderName } from '../../scripts/swap.mjs';

const checkout = resolve(import.meta.dirname, '../..');
let root: string;
const dist = () => join(root, 'dist');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-build-'));
  for (const name of ['src', 'workers', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(checkout, name), join(root, name), { recursive: true });
  }
  mkdirSync(join(dist(), 'src/cli'), { recursive: true });
  writeFileSync(join(dist(), 'src/cli/main.js'), "console.log('program', process.argv.slice(2).join());\n");
  writeStamp(dist(), sourcesDigest(root));
});

afterEach(() => rmSync(root, { recursive: true }));

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A process that has ended. */
const ended = spawnSync(process.execPath, ['-e', '']).pid;

describe('the build', () => {
  test('does nothing, and says nothing, where dist/ is that of the sources', () => {
    const before = statSync(dist());
    expect(run('scripts/build.mjs')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(statSync(dist()).ino).toBe(before.ino);
    expect(statSync(dist()).mtimeMs).toBe(before.mtimeMs);
  });

  test.each<[string, string[], () => void]>([
    ['where a source has changed', [], () => writeFileSync(join(root, 'src/index.ts'), '')],
    ['where dist/ is damaged', [], () => writeFileSync(join(dist(), 'src/cli/main.js'), '')],
    ['where --force says so', ['--force'], () => {}],
  ])('builds %s, and leaves dist/ when it cannot', (_, args, change) => {
    change();
    const before = statSync(dist());
    const { status, stdout, stderr } = run('scripts/build.mjs', ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^building Lockstep, .*\nbuild: expected what `npm ci` installs, got: .*assemblyscript.*\n$/,
    );
    expect(statSync(dist()).ino).toBe(before.ino);
    expect(readdirSync(root).filter((name) => name.startsWith('.build-'))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('links the commands of package.json, again and again', () => {
    const commands = join(root, 'node_modules/.bin');
    mkdirSync(commands, { recursive: true });
    for (let i = 0; i < 2; i++) {
      expect(run('scripts/build.mjs').status).toBe(0);
      expect(readdirSync(commands).sort()).toEqual(['lockstep', 'train']);
    }
    expect(lstatSync(join(commands, 'train')).isSymbolicLink()).toBe(true);
    const { stdout } = spawnSync(join(commands, 'train'), ['x', '--quiet'], { encoding: 'utf8' });
    expect(stdout).toBe('program x,--quiet\n');
  });
});

describe('the command of a checkout', () => {
  test('is the program in dist/', () => {
    expect(run('scripts/train.mjs', '--dry-run')).toEqual({
      status: 0,
      stdout: 'program --dry-run\n',
      stderr: '',
    });
  });

  test('finishes a swap that was broken off, without a build', () => {
    renameSync(dist(), join(root, folderName(ended)));
    expect(run('scripts/train.mjs')).toEqual({ status: 0, stdout: 'program \n', stderr: '' });
    expect(readdirSync(root).filter((name) => name.startsWith('.build-'))).toEqual([]);
  });

  test('builds where there is nothing, and says in a line why it cannot', () => {
    rmSync(dist(), { recursive: true });
    const { status, stdout, stderr } = run('scripts/train.mjs');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^building Lockstep.*\nbuild: expected what `npm ci` installs, got: .*\n$/);
    expect(existsSync(dist())).toBe(false);
  });
});
