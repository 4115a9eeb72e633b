// Tests a server at length, with good, bad, huge, slow and foreign requests at a time.
//
//   npm run test:serve         builds first; ten minutes
//   npm run test:serve -- 4    so many minutes, two at least
//
// All good requests must be answered right, to the bit; no request may stop the server; and its memory must
// not grow: after each minute the clients rest, garbage is collected, and what is left is measured. The last
// third of the rests is compared with the first, but for the very first: until then parts are used anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { badClients } from './serve/bad-clients.mjs';
import { goodBodies, goodClient } from './serve/good-clients.mjs';
import { runTrain, startServer } from './serve/server-process.mjs';

const minutes = Math.max(2, Number(process.argv[2] ?? 10));
/** Clients of each kind at a time. */
const clients = { good: 8, bad: 4, huge: 1, slow: 10, foreign: 2 };
/** The memory may grow by this share: allocators do not give all of it back. */
const mayGrow = 0.1;

const folder = mkdtempSync(join(tmpdir(), 'lockstep-serve-'));
try {
  await runTrain(['--epochs', '1', '--out', 'run', '--quiet', '--seed', '1'], folder);
  process.exitCode = (await test(join(folder, 'run'))) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function test(run) {
  const bodies = await goodBodies(run);
  const server = await startServer(run);
  let end = 0;
  const goesOn = () => Date.now() < end && server.alive;
  const counts = {};
  const wrong = [];
  const count = (kind, status) => {
    counts[kind] ??= {};
    counts[kind][status] = (counts[kind][status] ?? 0) + 1;
  };
  const blame = (kind, what) => {
    if (wrong.length < 20) wrong.push(`${kind}: ${what}`);
    else wrong.length++;
  };

  const beGood = async () => {
    const client = goodClient(server, bodies);
    while (goesOn()) {
      const { status, right, answer } = await client.ask();
      count('good', status);
      // It may say that it has too much to do, and nothing else.
      if (!right && status !== 503) blame('good', `${status} ${answer.text.slice(0, 200)}`);
      if (status === 503) await pause(50);
    }
    client.end();
  };
  const beBad = async (kind, first) => {
    for (let i = first; goesOn(); i++) {
      const which = i % badClients[kind].length;
      const [act, wanted] = badClients[kind][which];
      const { status } = await act(server);
      count(kind, status);
      if (![...wanted, 503].includes(status) && goesOn()) blame(kind, `${which} ${status}`);
      await pause(20);
    }
  };
  const memory = [];
  for (let round = 0; round < minutes && server.alive; round++) {
    end = Date.now() + 60_000;
    const all = Object.entries(clients).flatMap(([kind, number]) =>
      Array.from({ length: number }, (_, i) => (kind === 'good' ? beGood() : beBad(kind, round + i))),
    );
    await Promise.all(all);
    await pause(5000);
    if (server.alive) memory.push((await server.memory()) / 1e6);
  }
  const alive = server.alive;
  const { code, printed, complaints } = await server.stop();
  const part = Math.max(1, Math.floor((memory.length - 1) / 3));
  const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const [first, last] = [middle(memory.slice(1, 1 + part)), middle(memory.slice(-part))];
  for (const [kind, statuses] of Object.entries(counts))
    console.log(kind.padEnd(8), JSON.stringify(statuses));
  console.log(`memory   after each minute, in MB: ${memory.map((one) => one.toFixed(0)).join(', ')}`);
  console.log(
    `server   ${alive ? 'ran to the end' : 'CRASHED'}, ` +
      `exit code ${code}: ${printed.trim().split('\n').at(-1)}`,
  );
  if (complaints.trim()) console.log(`stderr   ${complaints.trim().slice(0, 2000)}`);
  for (const line of wrong) console.log(`WRONG    ${line}`);
  const well = alive && code === 0 && wrong.length === 0 && last < (1 + mayGrow) * first;
  console.log(well ? 'all well' : 'FAILED');
  return well;
}
