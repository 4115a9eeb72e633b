// What is said where BullMQ is not installed: it is not here, and need not be.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBull } from '#lockstep/sweep/queue/bull.js';
import { temporaryFolder } from '../../support/data-files.ts';
import { runTrain } from '../../support/run-cli.ts';
import { grid, sweepFolder } from '../../support/sweep-folder.ts';

const line =
  'expected the packages bullmq and ioredis, which queues need, got none; ' +
  'install them: npm install bullmq ioredis';

test('one line says what to install', async () => {
  const place = join(await temporaryFolder(), 'package.json');
  expect(() => loadBull('--queue', [place])).toThrow(`--queue: ${line}`);
});

test('a worker and a sweep say so, and exit with 2', async () => {
  const cwd = await sweepFolder(grid);
  const [worker, sweep] = await Promise.all([
    runTrain(['sweep', 'work', 'redis://127.0.0.1:1'], { cwd }),
    runTrain(['sweep', 'sweep.yaml', '--queue', 'redis://127.0.0.1:1', '--out', 'out'], { cwd }),
  ]);
  expect(worker).toMatchObject({ code: 2, stdout: '' });
  expect(worker.stderr).toBe(`train: sweep work: ${line}\n`);
  expect(sweep).toMatchObject({ code: 2, stdout: '' });
  expect(sweep.stderr).toBe(`train: --queue: ${line}\n`);
});

test('a shard of a queue is refused', async () => {
  const cwd = await sweepFolder(grid);
  const args = ['sweep', 'sweep.yaml', '--queue', 'redis://127.0.0.1:1', '--shard', '1/2'];
  const { code, stderr } = await runTrain(args, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^train: --shard: expected a sweep without --queue, .*, got both\n$/);
});
