// A server of Redis of the tests' own, on loopback, on a port that is free, in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { Redis } = createRequire(new URL('package.json', import.meta.url))('ioredis');

/** A port that nobody has. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server.
 *
 * @param options `keeps`: it writes all that it is told (appendonly); `password`
 */
export async function startRedis(program, parent, { keeps = true, password } = {}) {
  const port = await freePort();
  const folder = join(parent, `redis-${port}`);
  mkdirSync(folder);
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', keeps ? 'yes' : 'no', '--loglevel', 'warning'],
    ...(password ? ['--requirepass', password] : []),
  ];
  let child;
  const client = new Redis({
    host: '127.0.0.1',
    port,
    password,
    lazyConnect: true,
    maxRetriesPerRequest: null,
  });
  client.on('error', () => {});
  const begin = async () => {
    child = spawn(program, args, { stdio: 'ignore' });
    while ((await client.ping().catch(() => undefined)) !== 'PONG') await sleep(50);
  };
  process.on('exit', () => child.kill('SIGKILL'));
  await begin();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    client,
    /** Ends the server as a machine does that goes down, and starts it again. */
    async restart(pause = 1000) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      await sleep(pause);
      await begin();
    },
    /** The server hangs for so long. */
    async hang(milliseconds) {
      child.kill('SIGSTOP');
      await sleep(milliseconds);
      child.kill('SIGCONT');
    },
    /** What is left of us in it. */
    keys: () => client.keys('lockstep:*'),
    async end() {
      client.disconnect();
      child.kill('SIGKILL');
    },
  };
}
