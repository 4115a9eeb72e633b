// `--live` of several trainings and of sweeps, and the button that stops them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pressStop, watchLive } from '../support/live.ts';
import { isEnd, part, startLive, summaryIn } from '../support/live-command.ts';
import { send } from '../support/served.ts';
import { toyFolder } from '../support/toy-folder.ts';

test('the button stops it as Ctrl-C does, and it can go on', async () => {
  const cwd = await toyFolder();
  const live = await startLive(['toy.yaml', '--out', 'run', '--epochs', '100000'], cwd);
  const watcher = await watchLive(live.base);
  await watcher.hears(({ event, data }) => event === 'charts' && data.length > 0);
  expect((await pressStop(live.base, undefined)).status).toBe(403);
  expect((await pressStop(live.base, live.token)).status).toBe(202);
  expect((await watcher.hears(isEnd)).data).toEqual({ report: true });
  const { text } = await send(`${live.base}/report`);
  const { code, stderr } = await live.finished;
  expect(code).toBe(130);
  expect(stderr).toMatch(/stopped by the button of the live page after [\d.]+ of 100000 epochs; go on with/);
  expect(text).toContain('The training was stopped after');
  const { epochs, stopped } = summaryIn(join(cwd, 'run'));
  expect(stopped).toBe(true);
  expect(existsSync(join(cwd, 'run/checkpoints/last.safetensors'))).toBe(true);
  const resumed = await startLive(['resume', 'run', '--quiet'], cwd);
  const again = await watchLive(resumed.base);
  const { data } = await again.hears(({ event, data }) => event === 'charts' && data[0]?.x.at(-1) > epochs);
  expect(data[0].x[0]).toBe(1);
  await pressStop(resumed.base, resumed.token);
  expect((await resumed.finished).code).toBe(130);
}, 120_000);

test('several seeds are shown one after the other', async () => {
  const cwd = await toyFolder();
  const live = await startLive(
    ['toy.yaml', '--out', 'run', '--seeds', '2', '--epochs', '1000', '--quiet'],
    cwd,
  );
  const watcher = await watchLive(live.base);
  await watcher.hears(part('head', 'seed 5'));
  await watcher.hears(part('several', 'seed 5'));
  await watcher.hears(part('head', 'seed 6'));
  await watcher.hears(({ event, data }) => event === 'figures' && data.texts.note === 'seed 6, 2 of 2');
  await watcher.hears(isEnd);
  expect((await send(`${live.base}/report`)).status).toBe(200);
  expect((await live.finished).code).toBe(0);
}, 120_000);

const sweepBlock = `sweep:
  metric: { name: val_accuracy, goal: maximize }
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.05, 0.1] }
`;

test('a sweep shows its trials, those at work and the results; the button stops it', async () => {
  const cwd = await toyFolder();
  const text = readFileSync(join(cwd, 'toy.yaml'), 'utf8').replace('epochs: 3', 'epochs: 1200');
  writeFileSync(join(cwd, 'sweep.yaml'), text + sweepBlock);
  const live = await startLive(['sweep', 'sweep.yaml', '--out', 'sw', '--parallel', '1'], cwd);
  const watcher = await watchLive(live.base);
  await watcher.hears(part('working', 'polyline class="running"'));
  await watcher.hears(part('ranking', 'finished'));
  await watcher.hears(({ event, data }) => event === 'figures' && /^[12] of 2$/.test(data.texts.trials));
  await watcher.hears(isEnd);
  expect((await send(`${live.base}/report`)).text).toBe(readFileSync(join(cwd, 'sw/report.html'), 'utf8'));
  expect((await live.finished).code).toBe(0);

  writeFileSync(join(cwd, 'long.yaml'), text.replace('epochs: 1200', 'epochs: 100000') + sweepBlock);
  const long = await startLive(['sweep', 'long.yaml', '--out', 'long'], cwd);
  await (await watchLive(long.base)).hears(part('working', 'polyline'));
  expect((await pressStop(long.base, long.token)).status).toBe(202);
  const { code, stderr } = await long.finished;
  expect([code, stderr]).toEqual([130, expect.stringContaining('stopped by the button of the live page')]);
}, 120_000);
