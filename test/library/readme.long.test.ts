// README's example of the library, as it stands there: under strict TypeScript, and run as a stranger's
// program.
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { compile, elsewhere } from '../../scripts/library/examples.mjs';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The first block of code of this language in a section of README. */
async function example(heading: string, language: string): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  return new RegExp(`\n\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(section)![1]!;
}

test('compiles, trains, predicts, and opens what it saved', async () => {
  const folder = await elsewhere();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'example.ts'), await example('As a library', 'ts'));
  await compile(folder, ['example.ts']);

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
