// `--live` as a program: what the page is told, how it stops, and that it changes nothing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/data-files.ts';
import { pressStop, watchLive } from '../support/live.ts';
import { isEnd, part, startLive, summaryIn } from '../support/live-command.ts';
import { runTrain } from '../support/run-cli.ts';
import { send } from '../support/served.ts';
import { toyFolder } from '../support/toy-folder.ts';

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
  // The button ends what Ctrl-C would end.
  expect((await live.finished).code).toBe(130);
  expect([second.code, second.stdout]).toEqual([1, '']);
  expect(second.stderr).toBe(
    `train: --live-port: expected a free port, got ${port}, on which another program listens; ` +
      'take another with --live-port, or any that is free with --live-port 0\n',
  );
}, 30_000);
