// README's example of the library, as it stands there: under strict TypeScript, and run as a stranger's
// program.
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/data-files.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** The first block of code of this language in a section of README. */
async function example(heading: string, language: string): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  return new RegExp(`\n\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(section)![1]!;
}

/** A package of somebody else, which depends on this one. */
async function elsewhere(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/lockstep'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

test('compiles, trains, predicts, and opens what it saved', async () => {
  const folder = await elsewhere();
  await writeFile(join(folder, 'example.ts'), await example('As a library', 'ts'));
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: [],
    preserveSymlinks: true,
  };
  // A program with Node's own types, which console.log needs.
  const types = { ...options, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: types, files: ['example.ts'] }),
  );
  await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(({ stdout }) => {
    throw new Error(stdout);
  });

  const { stdout, stderr } = await run(process.execPath, ['example.js'], { cwd: folder });
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^1 0\.9\d+$/);
  const [accuracy, digest] = lines[2]!.split(' ');
  expect(Number(accuracy)).toBeGreaterThan(0.95);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  // The first two images of MNIST's test set.
  expect(lines[3]).toMatch(/^Uint32Array\(2\) \[ 7, 2 \]/);
  // What was saved gives the figure that the training found.
  expect(lines.at(-1)).toBe(accuracy);
});
