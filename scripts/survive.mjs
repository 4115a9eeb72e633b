// Tests what a training survives, at full size.
//
//   npm run test:survive                 builds first; takes an hour and more
//   node scripts/survive.mjs kills       one part (the keys of `parts` below)
//   node scripts/survive.mjs kills 30    the part with so many trials
//
// A part that was interrupted goes on where it stopped: what is done is kept in survive.json in the folder
// for temporary files.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const state = join(tmpdir(), 'lockstep-survive.json');
const load = () => {
  try {
    return JSON.parse(readFileSync(state, 'utf8'));
  } catch {
    return {};
  }
};

/** Each part: its module, the function in it, the trials of a whole test, and what counts as well. */
const parts = {
  kills: ['./survive/kills.mjs', 'kills', 300],
  flips: ['./survive/flips.mjs', 'flips', 1_000_000],
  workers: ['./survive/workers.mjs', 'workers', 500],
  stalls: ['./survive/stalls.mjs', 'stalls', 10],
  signals: ['./survive/signals.mjs', 'signals', 100],
  faults: ['./survive/faults.mjs', 'faults', 400],
  power: ['./survive/power.mjs', 'power', 400],
  locks: ['./survive/locks.mjs', 'locks', 100, ({ wrong }) => wrong.length === 0],
  barrier: ['./survive/barrier.mjs', 'barrier', 2000, (wrong) => wrong === 0],
};

const [only, given] = process.argv.slice(2);
if (only !== undefined && !(only in parts)) {
  console.error(`expected one of ${Object.keys(parts).join(', ')}, got ${only}`);
  process.exit(2);
}
let failed = 0;
for (const [name, [file, run, whole, isWell = Boolean]] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  const trials = given === undefined ? whole : Number(given);
  const key = `${name} ${trials}`;
  const from = load()[key] ?? 0;
  if (from >= trials) {
    console.log(`${name}: done before`);
    continue;
  }
  const module = await import(file);
  const done = (count) => writeFileSync(state, JSON.stringify({ ...load(), [key]: count }));
  const well = isWell(await module[run]({ trials, rounds: trials, runs: trials, from, done }));
  if (!well) failed++;
  // Done before is what was well, and not named alone: that is asked for again.
  if (!well || only !== undefined) done(0);
}
if (failed === 0 && only === undefined) rmSync(state, { force: true });
console.log(failed === 0 ? 'all well' : `${failed} parts failed`);
process.exitCode = failed === 0 ? 0 : 1;
