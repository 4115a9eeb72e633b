// A pipe, or anything else in the place of a file of a run or sweep, is refused at once instead of waited
// for.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileInside } from '#lockstep/run/inside-folder.js';
import { readSummaryAsIs } from '#lockstep/run/inspect.js';
import { openRun } from '#lockstep/run/open-run.js';
import { readParts } from '#lockstep/run/parts.js';
import { readConfig, runFiles } from '#lockstep/run/run-folder.js';
import { readSafetensors } from '#lockstep/run/safetensors.js';
import { digestsIn, readSummary } from '#lockstep/run/summary.js';
import { enterFolder, readSweepText, refuseLinks, sweepFiles } from '#lockstep/sweep/folder.js';
import { openTrials, readTrials } from '#lockstep/sweep/trials-file.js';
import { temporaryFolder } from '../support/data-files.ts';

const unix = test.skipIf(process.platform === 'win32');

/** A folder with a pipe of this name. */
async function folderWithPipe(name: string): Promise<string> {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'checkpoints'));
  execFileSync('mkfifo', [join(folder, name)]);
  return folder;
}

const refused = { code: 'checkpoint', message: expect.stringContaining('no ordinary file') };

unix.each(Object.values(runFiles))('a run whose %s is a pipe', async (name) => {
  const folder = await folderWithPipe(name);
  if (name !== runFiles.config) writeFileSync(join(folder, runFiles.config), '');
  await expect(readConfig(folder)).rejects.toMatchObject(refused);
  await expect(openRun(folder)).rejects.toMatchObject(refused);
});

unix.each(Object.values(sweepFiles).filter((name) => ![sweepFiles.lock, 'best'].includes(name as never)))(
  'a sweep whose %s is a pipe',
  async (name) => {
    const folder = await folderWithPipe(name);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    await expect(refuseLinks(folder)).rejects.toMatchObject(refused);
    await expect(enterFolder(folder)).rejects.toThrow(/expected (a file|a new or empty folder)/);
  },
);

unix('each reader refuses a pipe by itself', async () => {
  const readers: readonly [name: string, read: (folder: string) => Promise<unknown>][] = [
    ['summary.json', readSummary],
    ['summary.json', readSummaryAsIs],
    ['parts.json', readParts],
    ['metrics.csv', (folder) => digestsIn(folder)],
    ['x.safetensors', (folder) => readSafetensors(join(folder, 'x.safetensors'))],
    ['sweep.yaml', readSweepText],
    ['trials.jsonl', (folder) => readTrials(join(folder, 'trials.jsonl'))],
    ['trials.jsonl', (folder) => openTrials(join(folder, 'trials.jsonl'))],
  ];
  for (const [name, read] of readers) {
    await expect(read(await folderWithPipe(name)), name).rejects.toMatchObject(refused);
  }
  await expect(enterFolder(await folderWithPipe('lock'))).rejects.toMatchObject({ code: 'usage' });
});

unix('a folder, a device or a link to a pipe is no file either', async () => {
  const folder = await folderWithPipe('pipe');
  mkdirSync(join(folder, 'within'));
  symlinkSync('pipe', join(folder, 'link'));
  symlinkSync('/dev/zero', join(folder, 'device'));
  await expect(fileInside(folder, 'within')).rejects.toThrow('expected a file, got a folder');
  await expect(fileInside(folder, 'link')).rejects.toMatchObject(refused);
  await expect(fileInside(folder, 'device')).rejects.toThrow('got a link that leads out of it');
  await expect(readSafetensors('/dev/zero')).rejects.toMatchObject(refused);
  expect(await fileInside(folder, 'not-yet')).toBe(join(folder, 'not-yet'));
});
