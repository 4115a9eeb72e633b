// Every parser reads spoilt inputs or refuses them in words of ours, without a hang; see scripts/fuzz.mjs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { loadCsv } from '#lockstep/data/formats/csv.js';
import { readTable } from '#lockstep/data/formats/table.js';
import { readPicture } from '#lockstep/data/pictures/read.js';
import { fuzz, targetNames } from '../../scripts/fuzz.mjs';

test.each(targetNames)('%s', async (name) => {
  const { counts, faults } = await fuzz(name, 500);
  expect(faults).toEqual([]);
  expect(counts!.accepted + counts!.refused).toBe(500);
  // Some inputs stay sound enough to be read, so the parsers are reached.
  if (name !== 'summary') expect(counts!.accepted).toBeGreaterThan(0);
});

test.skipIf(process.platform === 'win32')('a pipe is refused at once', async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'pipe-')), 'x.csv');
  execFileSync('mkfifo', [pipe]);
  for (const read of [loadCsv, readTable, readPicture]) {
    await expect(read(pipe)).rejects.toThrow('no ordinary file');
  }
  expect(() => openExperiment(pipe, [])).toThrow('expected a YAML file');
});
