// Tests a server at length, with good, bad, huge, slow and foreign requests at a time.
//
//   npm run test:serve         builds first; ten minutes
//   npm run test:serve -- 3    so many minutes
//
// All good requests must be answered right, to the bit; no request may stop the server; and its memory must
// not grow: how low it falls in the last third, after collections of garbage, is compared with the first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { badClients } from './serve/bad-clients.mjs';
import { goodBodies, goodClient } from './serve/good-clients.mjs';
import { runTrain, startServer } from './serve/server-process.mjs';

const minutes = Number(process.argv[2] ?? 10);
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
  const end = Date.now() + 60_000 * minutes;
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
  const watch = async () => {
    while (goesOn()) {
      memory.push(await server.memory());
      await pause(2000);
    }
  };
  const all = Object.entries(clients).flatMap(([kind, number]) =>
    Array.from({ length: number }, (_, i) => (kind === 'good' ? beGood() : beBad(kind, i))),
  );
  await Promise.all([...all, watch()]);
  const alive = server.alive;
  const { code, printed, complaints } = await server.stop();
  // A large picture at work takes hundreds of MB for a moment, so what matters is how low the memory falls.
  const low = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] / 1e6;
  const parts = (count) => {
    const size = Math.floor(memory.length / count);
    return Array.from({ length: count }, (_, i) => low(memory.slice(i * size, (i + 1) * size)));
  };
  const [first, , last] = parts(3);
  for (const [kind, statuses] of Object.entries(counts))
    console.log(kind.padEnd(8), JSON.stringify(statuses));
  console.log(
    `memory   falls to ${first.toFixed(0)} MB in the first third, ${last.toFixed(0)} MB in the last`,
  );
  const fifths = parts(5).map((one) => one.toFixed(0));
  console.log(
    `         by fifths of the time: ${fifths.join(', ')}; at most ${(Math.max(...memory) / 1e6).toFixed(0)}`,
  );
  console.log(
    `server   ${alive ? 'ran to the end' : 'CRASHED'}, exit code ${code}: ${printed.trim().split('\n').at(-1)}`,
  );
  if (complaints.trim()) console.log(`stderr   ${complaints.trim().slice(0, 2000)}`);
  for (const line of wrong) console.log(`WRONG    ${line}`);
  const well = alive && code === 0 && wrong.length === 0 && last < (1 + mayGrow) * first;
  console.log(well ? 'all well' : 'FAILED');
  return well;
}
