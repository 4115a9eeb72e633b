// Interrupts the first `npx train` of a fresh clone at random moments, as Ctrl-C does, and kills builds.
// After each the checkout has to work: `npx train --dry-run` exits with 0. The clone is of the last commit;
// clone and npm cache are temporary, and the packages come from the registry once.
//
//   npm run test:first-command [-- --interrupts 20 --kills 6 --seed 1 --npm 10 --commit HEAD]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import seedrandom from 'seedrandom';
import { mustRun, outside, root, run, takeNpm } from './outside.mjs';

if (process.platform === 'win32') throw new Error('signals to process groups: expected Linux or macOS');

const { values: given } = parseArgs({
  options: {
    interrupts: { type: 'string', default: '20' },
    kills: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    commit: { type: 'string', default: 'HEAD' },
    npm: { type: 'string' },
  },
});
const random = seedrandom(given.seed);
const place = outside('first-command');
const npm = takeNpm(given.npm, place);
const clone = join(place.folder, 'clone');
const inClone = { cwd: clone, env: place.env };

console.log(`npm ${npm}, Node ${process.version}: a clone of ${given.commit} ...`);
mustRun('git', ['clone', '--quiet', root, clone], { ...inClone, cwd: place.folder });
mustRun('git', ['checkout', '--quiet', '--detach', commitOf(given.commit)], inClone);
mustRun('npm', ['ci'], inClone);
const pristine = join(place.folder, 'dist');
cpSync(join(clone, 'dist'), pristine, { recursive: true });

asInstalled();
const firstLine = await secondsToFirstLine('npx', ['train']);
console.log(`first line of npx train after ${firstLine.toFixed(2)} s`);

let failures = 0;
for (let i = 0; i < Number(given.interrupts); i++) {
  asInstalled();
  // Until the training is under way.
  await stopAfter(random() * (firstLine + 1), 'SIGINT', 'npx', ['train']);
}

if (Number(given.kills) > 0) {
  const begun = performance.now();
  mustRun('npm', ['run', 'build', '--', '--force'], inClone);
  const build = (performance.now() - begun) / 1000;
  for (let i = 0; i < Number(given.kills); i++) {
    // The last one about where the new folder takes the place of dist/.
    const part = i + 1 < Number(given.kills) ? random() : 0.98;
    await stopAfter(part * build, 'SIGKILL', 'npm', ['run', 'build', '--', '--force']);
  }
  // A killed process can be listed for a moment longer, and a build leaves the folders of listed ones alone.
  let left;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 2000));
    mustRun('npm', ['run', 'build'], inClone);
    left = readdirSync(clone).filter((name) => name.startsWith('.build-'));
    if (left.length === 0) break;
  }
  if (left.length > 0) failures += 1;
  console.log(`after one more build, left beside dist/: ${left.join(', ') || 'nothing'}`);
}

console.log(
  `first command: ${given.interrupts} interrupts and ${given.kills} kills, ${failures} failed (npm ${npm}, ` +
    `Node ${process.version}, first line after ${firstLine.toFixed(2)} s, seed ${given.seed})`,
);
process.exitCode = failures > 0 ? 1 : 0;

function commitOf(name) {
  return mustRun('git', ['rev-parse', name], { cwd: root, env: place.env }).trim();
}

/** Brings the clone back to where `npm ci` had left it, and npm to where it has not seen the command. */
function asInstalled() {
  rmSync(join(place.folder, 'npm-cache/_npx'), { recursive: true, force: true });
  const beside = readdirSync(clone).filter((name) => name.startsWith('.build-'));
  for (const name of ['dist', 'runs', ...beside]) rmSync(join(clone, name), { recursive: true, force: true });
  cpSync(pristine, join(clone, 'dist'), { recursive: true });
}

/** A process group of its own, as a terminal gives to each command. */
function start(program, args) {
  return spawn(program, args, { ...inClone, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function secondsToFirstLine(program, args) {
  const begun = performance.now();
  const child = start(program, args);
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), closed]);
  const seconds = (performance.now() - begun) / 1000;
  await stop(child, 'SIGINT', closed);
  return seconds;
}

/** Sends the signal to the whole group, and waits until all of it has ended. */
async function stop(child, signal, closed) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // It has ended already.
  }
  await closed;
}

/** Starts a command, stops it, and looks whether the checkout still works. */
async function stopAfter(seconds, signal, program, args) {
  const child = start(program, args);
  const closed = once(child, 'close');
  child.stdout.resume();
  child.stderr.resume();
  await sleep(seconds * 1000);
  await stop(child, signal, closed);
  const dist = existsSync(join(clone, 'dist')) ? 'dist/ is there' : 'no dist/';
  const { status, stderr } = run('npx', ['train', '--dry-run'], inClone);
  if (status !== 0) failures += 1;
  const line = stderr.split('\n').find((line) => line.trim()) ?? '';
  const then = status === 0 ? 'ok' : `FAILED, exit status ${status}: ${line}`;
  console.log(`${signal} after ${seconds.toFixed(2)} s: ${dist}, then npx train --dry-run: ${then}`);
}
