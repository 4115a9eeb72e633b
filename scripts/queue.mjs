// Sweeps over a queue at full size: workers that come, go, are killed and hang, a server that restarts, hangs
// and loses connections, sweeps that are killed and go on. All of it must come to the trials, digests, files
// and winner of `--parallel 1`.
//
//   npm run test:queue [-- --only PATTERN] [--training N]
//
// `--training` is the number of images that each training sees, 6,000 by default: fewer on a busy machine.
// It needs redis-server (or valkey-server; REDIS names another program), starts its own on loopback, and
// installs BullMQ and ioredis into scripts/queue/node_modules, without scripts.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { mustRun, outside, root, run } from './outside.mjs';
import { filesOf, linesIn, outcomeOf } from './sweep-outcome.mjs';

const { values: given } = parseArgs({
  options: { only: { type: 'string', default: '' }, training: { type: 'string', default: '6000' } },
});
const tools = fileURLToPath(new URL('queue', import.meta.url));
if (!existsSync(join(tools, 'node_modules/.package-lock.json'))) {
  console.log('installing bullmq and ioredis into scripts/queue/node_modules, without their scripts');
  mustRun('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: tools });
}
const { startRedis } = await import('./queue/redis.mjs');
const { start, team } = await import('./queue/processes.mjs');
const { sweepsOf } = await import('./queue/sweeps.mjs');

const redis = findRedis();
const sweeps = sweepsOf(Number(given.training));
const { folder: cwd, env } = outside('queue');
symlinkSync(join(tools, 'node_modules'), join(cwd, 'node_modules'));
for (const [name, text] of Object.entries(sweeps)) writeFileSync(join(cwd, `${name}.yaml`), text);

/** Milliseconds after which a sweep that is not done counts as hanging. */
const patience = 900_000;
let passed = 0;
let failed = 0;
const expected = new Map();

function findRedis() {
  const names = process.env.REDIS ? [process.env.REDIS] : ['redis-server', 'valkey-server'];
  const found = names.find((name) => run(name, ['--version'], {}).status === 0);
  if (found) {
    console.log(run(found, ['--version'], {}).stdout.trim());
    return found;
  }
  console.error(`test:queue: expected ${names.join(' or ')}, got none; apt-get install redis-server`);
  process.exit(1);
}

/** What the sweep comes to without a queue. */
async function reference(name) {
  if (!expected.has(name)) {
    const out = `${name}-alone`;
    await start(['sweep', `${name}.yaml`, '--out', out, '--parallel', '1', '--quiet'], { cwd }).ended;
    expected.set(name, { ...outcomeOf(join(cwd, out)), ...filesOf(join(cwd, out)) });
  }
  return expected.get(name);
}

/** A line of the table: true, or what is wrong. */
async function row(what, check) {
  if (!new RegExp(given.only).test(what)) return;
  const begun = performance.now();
  let wrong;
  try {
    wrong = await check();
  } catch (error) {
    wrong = error.stack;
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  if (typeof wrong === 'string') failed++;
  else passed++;
  console.log(`${typeof wrong === 'string' ? 'FAILED' : 'ok    '} ${seconds} s  ${what}`);
  if (typeof wrong === 'string') console.log(wrong.replaceAll(/^/gm, '         '));
  else if (wrong?.note) console.log(`                   ${wrong.note}`);
}

let count = 0;
const newFolder = (name) => `${name}-${++count}`;
const sweep = (name, url, out, more = []) =>
  start(['sweep', `${name}.yaml`, '--queue', url, '--out', out, '--threads', '1', ...more], { cwd });

/** Waits until the sweep has ended, and compares it with the reference. */
async function compared(name, out, running) {
  const end = await Promise.race([running.ended, sleep(patience, undefined, { ref: false })]);
  if (!end) {
    running.kill('SIGKILL');
    return `it hangs\n${running.said.stderr.slice(-800)}`;
  }
  const alone = await reference(name);
  // A grid in which a trial fails ends with 1, as without a queue.
  const status = alone.trials.some((line) => line.includes('"status":"failed"')) ? 1 : 0;
  if (end.code !== status) return `exit status ${end.code}\n${end.stderr.slice(-800)}`;
  const now = { ...outcomeOf(join(cwd, out)), ...filesOf(join(cwd, out)) };
  for (const part of Object.keys(alone)) {
    if (!isDeepStrictEqual(now[part], alone[part])) return difference(part, alone[part], now[part]);
  }
  return undefined;
}

function difference(part, alone, now) {
  const texts = [alone, now].map((one) =>
    (Array.isArray(one) ? one : [one]).map((each) => JSON.stringify(each)),
  );
  const at = texts[0].findIndex((text, i) => text !== texts[1][i]);
  return `${part} differ\n  alone ${texts[0][at]?.slice(0, 400)}\n  queue ${texts[1][at]?.slice(0, 400)}`;
}

/** Runs a sweep with so many workers, while something happens; what it gives is said. */
async function through(server, name, workers, happens = async () => undefined) {
  const out = newFolder(name);
  await reference(name);
  const people = team(workers, server.url, { cwd });
  const running = sweep(name, server.url, out);
  let over = false;
  running.ended.then(() => {
    over = true;
  });
  const note = await happens({ running, people, out, isOver: () => over });
  const wrong = await compared(name, out, running);
  const ends = await people.end();
  const strange = ends.find(
    ({ code, stderr }) => ![130, 'SIGKILL'].includes(code) || /\n\s+at /.test(stderr),
  );
  if (wrong) return `${wrong}\n${ends.map(({ stderr }) => stderr.slice(-300)).join('\n')}`;
  if (strange) return `a worker ended with ${strange.code}\n${strange.stderr.slice(-800)}`;
  const left = await remains(server);
  return left ?? { note };
}

/** What is left in the server some seconds after the end; undefined: nothing. */
async function remains(server) {
  let left = [];
  for (let look = 0; look < 16; look++) {
    left = await server.keys();
    if (left.length === 0) return undefined;
    await sleep(500);
  }
  return `left in the queue: ${left.slice(0, 5).join(', ')}`;
}

/** Waits until so many trainings have ended. */
async function until(lines, { out, isOver }) {
  while (linesIn(join(cwd, out)) < lines && !isOver()) await sleep(50);
}

const keeps = await startRedis(redis, cwd);
const forgets = await startRedis(redis, cwd, { keeps: false });

for (const name of Object.keys(sweeps)) {
  for (const workers of name === 'grid' || name === 'hyperband' ? [1, 2, 4] : [2]) {
    await row(`${name}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`, () =>
      through(keeps, name, workers),
    );
  }
}

for (const name of Object.keys(sweeps)) {
  await row(`${name}, 5 kills of workers (kill -9)`, () =>
    through(keeps, name, 3, async ({ people, isOver }) => {
      let kills = 0;
      await sleep(1500);
      for (; kills < 5 && !isOver(); kills++) {
        people.replace('SIGKILL');
        await sleep(700 + 1200 * Math.random());
      }
      if (kills < 5) throw new Error(`the sweep was over after ${kills} kills`);
      return `${kills} kills`;
    }),
  );
}

await row('hyperband, the server restarts twice (appendonly yes)', () =>
  through(keeps, 'hyperband', 2, async (at) => {
    for (const lines of [1, 5]) {
      await until(lines, at);
      await keeps.restart();
    }
  }),
);
await row('random, the server restarts and has forgotten everything', () =>
  through(forgets, 'random', 2, async (at) => {
    await until(3, at);
    await forgets.restart();
  }),
);
await row('bayes, all connections are cut (CLIENT KILL)', () =>
  through(keeps, 'bayes', 2, async (at) => {
    await until(2, at);
    await keeps.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  }),
);
await row('grid, the server hangs for 25 s (SIGSTOP)', () =>
  through(keeps, 'grid', 2, async (at) => {
    await until(3, at);
    await keeps.hang(25_000);
  }),
);
await row('random, a worker hangs for 20 s (SIGSTOP) and wakes up', () =>
  through(keeps, 'random', 2, async (at) => {
    await until(1, at);
    at.people.workers[0].kill('SIGSTOP');
    await sleep(20_000);
    at.people.workers[0].kill('SIGCONT');
  }),
);
await row('bayes, the sweep is killed (kill -9) and goes on', async () => {
  const out = newFolder('bayes');
  const people = team(2, keeps.url, { cwd });
  const first = sweep('bayes', keeps.url, out);
  while (linesIn(join(cwd, out)) < 3) await sleep(50);
  first.kill('SIGKILL');
  await first.ended;
  await sleep(1000);
  const wrong = await compared('bayes', out, sweep('bayes', keeps.url, out));
  await people.end();
  return wrong ?? (await remains(keeps)) ?? { note: '' };
});
await row('random, Ctrl-C of the sweep removes its jobs; it goes on without a queue', async () => {
  const out = newFolder('random');
  const people = team(2, keeps.url, { cwd });
  const first = sweep('random', keeps.url, out);
  while (linesIn(join(cwd, out)) < 3) await sleep(50);
  first.kill('SIGINT');
  const { code } = await first.ended;
  await people.end();
  if (code !== 130) return `exit status ${code}`;
  const left = await remains(keeps);
  if (left !== undefined) return left;
  const alone = start(['sweep', 'random.yaml', '--out', out, '--quiet'], { cwd });
  return (await compared('random', out, alone)) ?? { note: '' };
});
await row('grid, Ctrl-C of a worker gives its trial back at once', () =>
  through(keeps, 'grid', 2, async (at) => {
    await until(1, at);
    const [worker] = at.people.workers;
    const begun = performance.now();
    worker.kill('SIGINT');
    await worker.ended;
    const [id] = (await keeps.client.keys('lockstep:sweep-*:active')).map((key) =>
      key.replace(/:active$/, ''),
    );
    const took = performance.now() - begun;
    const active = id ? await keeps.client.llen(`${id}:active`) : 0;
    if (active > 1) throw new Error(`${active} trials are still taken`);
    return `in ${took.toFixed(0)} ms`;
  }),
);
await row('a worker with other data says so and ends with 3, and the sweep names it', async () => {
  const out = newFolder('grid');
  const running = sweep('grid', keeps.url, out);
  await sleep(1500);
  const bad = start(['sweep', 'work', keeps.url, '--data', 'mnist-2000'], { cwd });
  const { code, stderr } = await bad.ended;
  if (code !== 3) return `exit status ${code}\n${stderr}`;
  if (!/expected the data of the sweep grid, sha256 \w{64}, got sha256/.test(stderr)) return stderr;
  const good = team(1, keeps.url, { cwd });
  const wrong = await compared('grid', out, running);
  await good.end();
  if (wrong) return wrong;
  return /worker \S+ does not help: /.test(running.said.stderr) ? { note: '' } : running.said.stderr;
});
await row('a worker of another version is refused in one line', async () => {
  const other = join(cwd, 'other');
  mkdirSync(other);
  cpSync(join(root, 'dist'), join(other, 'dist'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(other, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
  symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
  const running = sweep('grid', keeps.url, newFolder('grid'));
  await sleep(1500);
  const file = join(other, 'dist/src/cli/main.js');
  const { code, stderr } = await start(['sweep', 'work', keeps.url, '--quiet'], { cwd, file }).ended;
  for (let look = 0; look < 100 && !running.said.stderr.includes('does not help'); look++) await sleep(200);
  running.kill('SIGINT');
  await running.ended;
  if (code !== 2 || stderr.trim().split('\n').length !== 1) return `exit status ${code}\n${stderr}`;
  if (!/expected a worker of Lockstep \S+, got 99\.0\.0/.test(stderr)) return stderr;
  return /does not help: .*99\.0\.0/.test(running.said.stderr)
    ? { note: stderr.trim() }
    : running.said.stderr;
});
await row('--until-empty ends when the sweep is over', async () => {
  const out = newFolder('random');
  const running = sweep('random', keeps.url, out);
  await sleep(1000);
  const worker = start(['sweep', 'work', keeps.url, '--until-empty', '--json'], { cwd });
  const wrong = await compared('random', out, running);
  if (wrong) return wrong;
  const { code, stdout, stderr } = await worker.ended;
  const done = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const trainings = done.filter(({ event }) => event === 'training').length;
  return code === 0 && trainings === 12 ? { note: '' } : `exit status ${code}\n${stdout}\n${stderr}`;
});
await row('a password is asked for and never shown', async () => {
  const secret = 'open%2Fsesame';
  const server = await startRedis(redis, cwd, { password: 'open/sesame' });
  const url = (password) => server.url.replace('://', `://:${password}@`);
  const out = newFolder('random');
  const running = sweep('random', url(secret), out);
  const worker = start(['sweep', 'work', server.url, '--until-empty'], {
    cwd,
    env: { REDISCLI_AUTH: 'open/sesame' },
  });
  const wrong = await compared('random', out, running);
  const { code, stdout, stderr } = await worker.ended;
  const refused = await start(['sweep', 'work', url('wrong-one')], { cwd }).ended;
  const without = await start(['sweep', 'work', server.url], { cwd }).ended;
  await server.end();
  const all = [running.said.stdout, running.said.stderr, stdout, stderr, refused.stderr, without.stderr].join(
    '\n',
  );
  if (wrong) return wrong;
  if (/sesame|wrong-one/.test(all)) return `the password is shown\n${all.slice(-800)}`;
  if (code !== 0) return `exit status ${code}\n${stderr}`;
  const lines = [refused, without].map((end) => end.stderr.trim().split('\n'));
  if (refused.code !== 2 || without.code !== 2 || lines.some(({ length }) => length !== 1)) {
    return `${refused.code}, ${without.code}\n${refused.stderr}${without.stderr}`;
  }
  return { note: lines.flat().join('\n                   ') };
});
await row('no server, and no BullMQ: one line each', async () => {
  const nobody = await start(['sweep', 'work', 'redis://127.0.0.1:1'], { cwd }).ended;
  const elsewhere = join(cwd, 'elsewhere');
  mkdirSync(elsewhere);
  const other = join(cwd, 'without');
  mkdirSync(other);
  // BullMQ lies beside the folder in which the command runs, so the command runs where there is nothing.
  const { folder } = outside('no-bull');
  const none = await start(['sweep', 'work', keeps.url], { cwd: folder, env }).ended;
  const lines = [nobody, none].map(({ stderr }) => stderr.trim().split('\n'));
  const right =
    nobody.code === 1 &&
    none.code === 2 &&
    lines.every(({ length }) => length === 1) &&
    /npm install/.test(none.stderr);
  return right
    ? { note: lines.flat().join('\n                   ') }
    : `${nobody.code}, ${none.code}\n${lines.flat().join('\n')}`;
});

await keeps.end();
await forgets.end();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
