// Every parser reads spoilt inputs or refuses them in words of ours, without a hang; see scripts/fuzz.mjs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { loadCsv } from '#lockstep/data/formats/csv.js';
import { readTable } from '#lockstep/data/formats/table.js';
import { readPicture } from '#lockstep/data/pictures/read.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { targets } from '../../scripts/fuzz/targets.mjs';
import { fuzz, targetNames } from '../../scripts/fuzz.mjs';

/** How many each parser gets; node scripts/fuzz.mjs gives it as many as one likes. */
const inputs = 150;

test.each(targetNames)('%s', async (name) => {
  const { counts, faults } = await fuzz(name, inputs);
  expect(faults).toEqual([]);
  expect(counts!.accepted + counts!.refused).toBe(inputs);
  // Some inputs stay sound enough to be read, so the parsers are reached.
  if (name !== 'summary') expect(counts!.accepted).toBeGreaterThan(0);
});

const corpus = new URL('corpus/', import.meta.url);

test.each(readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name)))(
  'the corpus: %s is refused in words of ours',
  async (name) => {
    const { parse } = targets[name.split(/[\\/]/)[0]!]!;
    // What is JSON and no signature is passed over.
    const refusal = await Promise.resolve(parse(readFileSync(new URL(name, corpus)))).catch((error) => error);
    if (!name.startsWith('metadata')) expect(refusal).toBeInstanceOf(LockstepError);
  },
);

test.skipIf(process.platform === 'win32')('a pipe is refused at once', async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'pipe-')), 'x.csv');
  execFileSync('mkfifo', [pipe]);
  for (const read of [loadCsv, readTable, readPicture]) {
    await expect(read(pipe)).rejects.toThrow('no ordinary file');
  }
  expect(() => openExperiment(pipe, [])).toThrow('expected a YAML file');
});

test.each([
  ['pixels', loadCsv, '0,1\n'],
  ['a table', readTable, 'a,0.5\n'],
])('%s in a gzip file that unpacks to far more than text does are refused', async (_, read, line) => {
  const file = join(mkdtempSync(join(tmpdir(), 'bomb-')), 'x.csv.gz');
  const packed = gzipSync(line.repeat(24_000_000 / line.length));
  writeFileSync(file, packed);
  await expect(read(file)).rejects.toThrow('expected text that gzip has made at most 200 times smaller');
  // A small one is read.
  writeFileSync(file, gzipSync(line.repeat(30_000)));
  await expect(read(file)).resolves.toBeDefined();
});
