// `train serve` as a program: what it prints, and how it ends.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/data-files.ts';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { trainedRun } from '../support/served.ts';

test('it says where it listens, and ends well when it is stopped', async () => {
  const run = await trainedRun('pictures');
  const server = startTrain(['serve', run, '--port', '0', '--json']);
  await server.shows('\n');
  server.kill('SIGTERM');
  const { code, stdout, stderr } = await server.finished;
  expect([code, stderr]).toEqual([0, '']);
  const [start, end] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(start).toMatchObject({
    event: 'listening',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    run,
    checkpoint: join(run, 'checkpoints', 'last.safetensors'),
    epoch: 1,
    weightsSha256: expect.stringMatching(/^[\da-f]{64}$/),
  });
  expect(end).toEqual({ event: 'end', answered: 0, refused: 0, failed: 0 });
});

test('--quiet prints the address alone; a port that is taken is told in a line', async () => {
  const run = await trainedRun('pictures');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const refused = await runTrain(['serve', run, '--port', String(port)]);
  taken.close();
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toBe(
    `train: --port: expected a free port, got ${port}, on which another program listens; ` +
      'take another with --port, or any that is free with --port 0\n',
  );
  const server = startTrain(['serve', run, '--port', '0', '--quiet', '--host', 'localhost']);
  await server.shows('\n');
  server.kill('SIGINT');
  const { code, stdout } = await server.finished;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^http:\/\/localhost:\d+\n$/);
});

test.each([
  [['--port', 'http'], 2, '--port: expected an integer from 0 to 65535, got "http"'],
  [['--allow-host', 'http://a'], 2, '--allow-host: expected a name such as digits.example.org'],
  [[], 4, ''],
])('%j without a run: exit %i', async (options, code, message) => {
  const finished = await runTrain(['serve', await temporaryFolder(), ...options]);
  expect(finished.code).toBe(code);
  expect(finished.stderr).toContain(message);
  expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
});
