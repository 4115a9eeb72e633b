// Measures `train serve`: requests a second, and how long they take, at 1, 8 and 64 clients.
//
//   npm run bench:serve -- [SECONDS]     5 seconds each, on a run of MNIST
//
// Each client keeps its connection and asks again as soon as it is answered. The clients are in this process
// and need a core of their own: on a machine with few, the server is faster than this says. A loop of our own
// over node:http is enough for that, so no other package is needed.
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { post } from '../scripts/serve/ask.mjs';
import { goodBodies, isRight } from '../scripts/serve/good-clients.mjs';
import { runTrain, startServer } from '../scripts/serve/server-process.mjs';

const seconds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'lockstep-serve-'));
try {
  await runTrain(['--epochs', '1', '--out', 'run', '--quiet'], folder);
  await measure(join(folder, 'run'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(run) {
  const bodies = (await goodBodies(run, 100)).filter(({ wanted }) => wanted.length === 1);
  const forms = {
    'a row in JSON, 784 pixels': bodies.filter(({ type }) => type === 'application/json'),
    'a PNG of 28 x 28': bodies.filter(({ type }) => type === 'image/png'),
  };
  const server = await startServer(run);
  console.log(
    `${cpus().length} cores, ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`,
  );
  for (const [form, some] of Object.entries(forms)) {
    for (const clients of [1, 8, 64]) {
      await load(server, some, clients, 1);
      const times = await load(server, some, clients, seconds);
      times.sort((a, b) => a - b);
      const at = (share) => `${times[Math.floor(share * (times.length - 1))].toFixed(1)} ms`;
      const rate = Math.round(times.length / seconds);
      const line = `${String(rate).padStart(6)} requests a second, p50 ${at(0.5)}, p99 ${at(0.99)}`;
      console.log(`${form.padEnd(26)} ${String(clients).padStart(2)} clients ${line}`);
    }
  }
  await server.stop();
}

/** Milliseconds that each request took. */
async function load({ url }, bodies, clients, time) {
  const times = [];
  const end = performance.now() + 1000 * time;
  const client = async (first) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = first; performance.now() < end; i++) {
      const { type, body, wanted } = bodies[i % bodies.length];
      const begin = performance.now();
      const answer = await post(url, type, body, { agent });
      times.push(performance.now() - begin);
      if (i % 50 === 0 && !isRight(answer, wanted)) throw new Error(`wrong: ${answer.status} ${answer.text}`);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
  return times;
}
