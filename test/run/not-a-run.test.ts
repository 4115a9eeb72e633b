// What is told of a path that is no run.
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notARun } from '#lockstep/run/not-a-run.js';
import { temporaryFolder } from '../support/data-files.ts';

/** Makes something that looks like a run. Later ones are newer. */
async function makeRun(folder: string, files = ['config.yaml', 'summary.json']): Promise<void> {
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  for (const file of files) {
    await writeFile(join(folder, file), '');
    await utimes(join(folder, file), 1e9 + made, 1e9 + made);
  }
  made += 60;
}
let made = 0;

test('it is named, and so is the run that may have been meant', async () => {
  const root = await temporaryFolder();
  const at = (...path: string[]) => join(root, ...path);
  await makeRun(at('first'));
  await makeRun(at('second'));
  await makeRun(at('third'));
  await makeRun(at('unfinished'), ['config.yaml']);
  for (const seed of [10, 2]) await makeRun(at('seeds', `seed-${seed}`));
  await makeRun(at('sweep', 'best'));
  await makeRun(at('sweep', 'trials', 'abc'));
  await makeRun(at('several', 'best', 'seed-3'));
  await mkdir(at('early'));
  await mkdir(at('empty'));
  for (const name of ['sweep', 'several', 'early']) await writeFile(at(name, 'trials.jsonl'), '');
  await writeFile(at('first', 'checkpoints', 'last.safetensors'), '');
  await writeFile(at('file'), '');

  // Where nobody has trained: without a run in sight, those under runs/ of the working folder are meant.
  const before = process.cwd();
  process.chdir(at('empty'));
  onTestFinished(() => process.chdir(before));

  const cases: [path: string, got: string][] = [
    [at('secnd'), `no such folder; did you mean ${at('second')}?`],
    [at('nothing at all'), `no such folder; the newest run here is ${at('third')}`],
    [at('empty', 'nothing'), 'no such folder; name a folder that `train` wrote'],
    [at('empty'), 'a folder of something else; name a folder that `train` wrote'],
    [at('file'), 'a file; name a folder that `train` wrote'],
    [at('first', 'summary.json'), `a file; its run is ${at('first')}`],
    [at('first', 'checkpoints', 'last.safetensors'), `a file; its run is ${at('first')}`],
    [
      at('unfinished'),
      'one without summary.json; its training is still under way, or was interrupted: ' +
        `\`train resume ${at('unfinished')}\` goes on with it`,
    ],
    [at('seeds'), `the folder of 2 seeds; name one of them, such as ${at('seeds', 'seed-2')}`],
    [at('sweep'), `the folder of a sweep; its best run is ${at('sweep', 'best')}`],
    [at('several'), `the folder of a sweep; its best run is ${at('several', 'best', 'seed-3')}`],
    [at('early'), 'the folder of a sweep; it has no winner yet'],
    [root, `a folder of runs; the newest is ${at('third')}`],
  ];
  for (const [path, got] of cases) {
    const { message, exitCode } = notARun(path);
    expect(message).toBe(`${path}: expected the folder of a run, got ${got}`);
    expect(exitCode).toBe(4);
  }

  await makeRun(at('empty', 'runs', 'newer'));
  const { message } = notARun(at('early', 'nothing'));
  expect(message).toContain(`no such folder; the newest run here is ${join('runs', 'newer')}`);
});
