// `--live` as a program: what the page is told, how it stops, and that it changes nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/data-files.ts';
import { addressIn, pressStop, type Told, watchLive } from '../support/live.ts';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { send } from '../support/served.ts';
import { toyFolder } from '../support/toy-folder.ts';

const part = (name: string, text: string) => (told: Told) =>
  told.event === 'part' && told.data.name === name && told.data.html.includes(text);
const isEnd = ({ event }: Told) => event === 'end';
const summaryIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));

/** Starts it; it has begun when this resolves. */
async function startLive(args: readonly string[], cwd: string) {
  const running = startTrain([...args, '--live'], { cwd });
  await running.complains('/#token=');
  return { ...running, ...addressIn(running.stderr()) };
}

test('the page grows, ends as the report, and the bits are the same', async () => {
  const cwd = await toyFolder();
  const live = await startLive(['toy.yaml', '--out', 'run', '--epochs', '1500', '--quiet'], cwd);
  const watcher = await watchLive(live.base);
  await watcher.hears(part('head', 'toy'));
  const { data } = await watcher.hears(({ event, data }) => event === 'charts' && data.length > 0);
  expect(data.map(({ title }: { title: string }) => title)).toContain('Loss');
  await watcher.hears(part('confusion', 'Confusion on the validation set, epoch '));
  await watcher.hears(part('weights', 'data:image/png'));
  const { data: figures } = await watcher.hears(
    ({ event, data }) => event === 'figures' && data.shares.training > 0,
  );
  expect(figures.texts).toMatchObject({
    state: expect.stringMatching(/training|evaluating/),
    epoch: expect.stringMatching(/^[\d,]+ of 1,500$/),
    left: expect.stringMatching(/ s$/),
  });
  expect((await watcher.hears(isEnd)).data).toEqual({ report: true });
  const { text } = await send(`${live.base}/report`);
  const { code, stderr } = await live.finished;
  expect(code).toBe(0);
  expect(text).toBe(readFileSync(join(cwd, 'run/report.html'), 'utf8'));
  // Whoever wants only the result is told the address, too.
  expect(stderr).toBe(`live  ${live.url}\n`);
  expect((await runTrain(['toy.yaml', '--out', 'plain', '--epochs', '1500', '--quiet'], { cwd })).code).toBe(
    0,
  );
  const [one, other] = ['run', 'plain'].map((name) => summaryIn(join(cwd, name)));
  expect(one.stateSha256).toBe(other.stateSha256);
  expect(one.files['metrics.csv']).toBe(other.files['metrics.csv']);
}, 120_000);

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

test('a training that fails is shown as such', async () => {
  const cwd = await toyFolder();
  const args = ['toy.yaml', '--out', 'run', '--set', 'optimizer.learningRate=1e30', '--epochs', '2000'];
  const live = await startLive(args, cwd);
  const watcher = await watchLive(live.base).catch(() => undefined);
  if (watcher) {
    expect((await watcher.hears(isEnd)).data).toEqual({ report: true });
    expect((await send(`${live.base}/report`)).text).toContain('The training failed or was killed');
  }
  expect((await live.finished).code).toBe(1);
}, 120_000);

test.each([
  [['--live-port', 'x'], 2, '--live-port: expected an integer from 0 to 65535, got "x"'],
  [['--live-port', '1', '--live-port', '2'], 2, '--live-port: expected to be given once, got 1, 2'],
])('%j: exit %i', async (options, code, message) => {
  const cwd = await toyFolder();
  const finished = await runTrain(['toy.yaml', ...options], { cwd });
  expect(finished.code).toBe(code);
  expect(finished.stderr).toContain(message);
  expect(existsSync(join(cwd, 'runs'))).toBe(false);
});

test('a port that is taken is told of in a line', async () => {
  const cwd = await toyFolder();
  const live = await startLive(['toy.yaml', '--epochs', '100000', '--quiet'], cwd);
  const { port } = new URL(live.base);
  const second = await runTrain(['toy.yaml', '--live-port', port, '--out', await temporaryFolder()], { cwd });
  await pressStop(live.base, live.token);
  await live.finished;
  expect([second.code, second.stdout]).toEqual([1, '']);
  expect(second.stderr).toBe(
    `train: --live-port: expected a free port, got ${port}, on which another program listens; ` +
      'take another with --live-port, or any that is free with --live-port 0\n',
  );
}, 30_000);
