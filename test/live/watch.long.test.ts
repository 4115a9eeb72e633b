// `train watch`: the page of what another process trains, from its folder.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { watchRun } from '#lockstep/live/watch-run.js';
import { isCertain } from '#lockstep/run/lock.js';
import { temporaryFolder } from '../support/data-files.ts';
import { addressIn, pressStop, type Told, watchLive } from '../support/live.ts';
import { runTrain, startTrain, temporary } from '../support/run-cli.ts';
import { send } from '../support/served.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const part = (name: string, text: string) => (told: Told) =>
  told.event === 'part' && told.data.name === name && told.data.html.includes(text);
const isEnd = ({ event }: Told) => event === 'end';

async function startWatch(run: string, cwd: string) {
  const running = startTrain(['watch', run], { cwd });
  await running.shows('/#token=');
  onTestFinished(() => running.kill('SIGKILL'));
  return { ...running, ...addressIn(running.stdout()) };
}

test('a training is followed to its end, and its process is asked to stop', async () => {
  const cwd = await toyFolder();
  const args = ['toy.yaml', '--out', 'run', '--epochs', '100000', '--set', 'execution.checkpoint.epochs=10'];
  const training = startTrain(args, { cwd });
  await training.shows('\n3/100000');
  const watch = await startWatch('run', cwd);
  const watcher = await watchLive(watch.base);
  const isGrown = ({ event, data }: Told) => event === 'charts' && data[0]?.x.length > 2;
  const { data: before } = await watcher.hears(isGrown);
  const last = before[0].x.at(-1);
  await watcher.hears((told) => isGrown(told) && told.data[0].x.at(-1) > last);
  await watcher.hears(part('weights', 'data:image/png'));
  const { data } = await watcher.hears(({ event }) => event === 'figures');
  expect(data.texts).toMatchObject({
    state: 'training',
    note: expect.stringMatching(/^process \d+ on /),
    training: expect.stringMatching(/^epoch \d+ of 100,000$/),
  });
  expect((await pressStop(watch.base, undefined)).status).toBe(403);
  expect((await pressStop(watch.base, watch.token)).status).toBe(process.platform === 'linux' ? 202 : 409);
  if (process.platform !== 'linux') training.kill('SIGINT');
  expect((await training.finished).code).toBe(130);
  expect((await watcher.hears(isEnd)).data).toEqual({ report: true });
  expect((await send(`${watch.base}/report`)).text).toBe(readFileSync(join(cwd, 'run/report.html'), 'utf8'));
  // It stays until it is told to end.
  expect((await send(watch.base)).text).toContain('The training was stopped after');
  watch.kill('SIGINT');
  expect((await watch.finished).code).toBe(0);
}, 120_000);

test('a process that was killed is missed', async () => {
  const cwd = await toyFolder();
  const training = startTrain(['toy.yaml', '--out', 'run', '--epochs', '100000'], { cwd });
  await training.shows('\n3/100000');
  const watch = await startWatch('run', cwd);
  const watcher = await watchLive(watch.base);
  await watcher.hears(({ event, data }) => event === 'figures' && data.texts.state === 'training');
  training.kill('SIGKILL');
  const { data } = await watcher.hears(
    ({ event, data }) => event === 'figures' && data.texts.state === 'nobody is at work here',
  );
  expect(data.stoppable).toBe(false);
  expect((await pressStop(watch.base, watch.token)).status).toBe(409);
}, 120_000);

test('a sweep is followed: what has ended and what is at work', async () => {
  const cwd = await toyFolder();
  const block = `sweep:
  metric: { name: val_accuracy, goal: maximize }
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.05, 0.1] }
`;
  const sweep = toyExperiment.replace('epochs: 3', 'epochs: 1200') + block;
  writeFileSync(join(cwd, 'sweep.yaml'), sweep);
  const running = startTrain(['sweep', 'sweep.yaml', '--out', 'sw', '--parallel', '1'], { cwd });
  await expect.poll(() => existsSync(join(cwd, 'sw/trials.jsonl')), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => existsSync(join(cwd, 'sw/sweep.yaml')), { timeout: 20_000 }).toBe(true);
  const watch = await startWatch('sw', cwd);
  const watcher = await watchLive(watch.base);
  const { data } = await watcher.hears(part('working', 'polyline class="running"'));
  expect(data.html).toMatch(/<td>\d+ of 1200<\/td>/);
  await watcher.hears(part('ranking', 'finished'));
  await watcher.hears(isEnd);
  expect((await send(`${watch.base}/report`)).text).toBe(readFileSync(join(cwd, 'sw/report.html'), 'utf8'));
  expect((await running.finished).code).toBe(0);
}, 90_000);

describe('a folder that is finished', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await toyFolder(toyExperiment, temporary());
    const args = ['toy.yaml', '--quiet', '--epochs', '3', '--out'];
    expect((await runTrain([...args, 'run'], { cwd })).code).toBe(0);
    expect((await runTrain([...args, 'folds', '--folds', '2'], { cwd })).code).toBe(0);
    return () => rmSync(cwd, { recursive: true });
  }, 120_000);

  test.each(['run', 'folds'])('is shown at once: %s', async (run) => {
    const watch = await startWatch(run, cwd);
    await expect.poll(async () => (await send(watch.base)).text).toContain('Test accuracy');
  });

  test('whatever is half written is read later', async () => {
    const folder = join(cwd, 'run');
    const watched = await watchRun(folder);
    const rows = () => Number(/epoch (\d+)/.exec(watched.source.figures().texts.training!)![1]);
    expect(rows()).toBe(3);
    const before = readFileSync(join(folder, 'metrics.csv'), 'utf8');
    const row = before.trimEnd().split('\n').at(-1)!.replace(/^3,/, '4,');
    appendFileSync(join(folder, 'metrics.csv'), row.slice(0, 20));
    expect((await watched.look(true)).changed).toBe(false);
    expect(rows()).toBe(3);
    appendFileSync(join(folder, 'metrics.csv'), `${row.slice(20)}\n`);
    // Nobody watches, so nothing is read.
    expect((await watched.look(false)).changed).toBe(false);
    expect((await watched.look(true)).changed).toBe(true);
    expect(rows()).toBe(4);
    expect((await watched.look(true)).changed).toBe(false);
    writeFileSync(join(folder, 'metrics.csv'), 'nonsense\n1,2\n');
    await watched.look(true);
    expect(rows()).toBe(4);
    writeFileSync(join(folder, 'metrics.csv'), before);
  });
});

test('only a process of this machine that was born then is asked to stop', async () => {
  const { holderOf, acquireLock } = await import('#lockstep/run/lock.js');
  const folder = await temporaryFolder();
  const lock = await acquireLock(folder, { what: 'a test' });
  const holder = (await holderOf(folder))!;
  expect(isCertain(holder)).toBe(process.platform === 'linux');
  expect(isCertain({ ...holder, host: 'elsewhere' })).toBe(false);
  expect(isCertain({ ...holder, birth: `${holder.birth}0` })).toBe(false);
  expect(isCertain({ ...holder, birth: undefined })).toBe(false);
  await lock.release();
  expect(await holderOf(folder)).toBeUndefined();
});

test('what is no run is exit 4', async () => {
  const finished = await runTrain(['watch', await temporaryFolder()]);
  expect([finished.code, finished.stderr.trimEnd().split('\n').length]).toEqual([4, 1]);
});
