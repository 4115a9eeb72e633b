// From nothing to the first step, and to the end: `train` as a command in a process of its own, and what a
// program waits for, part by part. Files are in the cache of the system, as in a second run; the first is not
// counted.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';

const command = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const program = fileURLToPath(new URL('../support/startup-parts.mjs', import.meta.url));
const oneStep = ['--set', 'steps=1', '--set', 'data.validation=0'];

export async function startup({ quick }) {
  const rounds = quick ? 1 : 7;
  const times = new Map();
  const keep = (name, seconds) => times.set(name, [...(times.get(name) ?? []), seconds]);
  let accuracy;
  for (let round = quick ? 0 : -1; round < rounds; round++) {
    progress(`startup: round ${round + 1} of ${rounds}`);
    const first = await run(['mnist', ...oneStep]);
    const whole = await run(['mnist']);
    const parts = await runParts();
    if (round < 0) continue;
    accuracy = whole.end.test.accuracy;
    keep('train: to the end of the first step', first.firstEpoch);
    for (const [name, seconds] of Object.entries(parts)) keep(`library: ${name}`, seconds);
    keep(`train: default experiment to the end`, whole.seconds);
  }
  progress('');
  const note = { 'test accuracy': `${(100 * accuracy).toFixed(2)} %` };
  return [...times].map(([name, seconds]) =>
    line(
      'startup',
      name,
      's',
      'lower',
      seconds,
      name.includes('to the end') && name.includes('default') ? note : undefined,
    ),
  );
}

/** Seconds from the start of the process to its first figures and to its end. */
async function run(args) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  try {
    const begun = performance.now();
    const since = () => (performance.now() - begun) / 1000;
    let firstEpoch;
    let end;
    const code = await readLines([command, ...args, '--json', '--quiet', '--out', folder], (text) => {
      const event = JSON.parse(text);
      if (event.event === 'epoch') firstEpoch ??= since();
      if (event.event === 'end') end = event;
    });
    if (code !== 0) throw new Error(`train ${args.join(' ')} ended with exit code ${code}`);
    return { firstEpoch, end, seconds: since() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runParts() {
  let parts;
  const begun = Date.now();
  const code = await readLines([program, String(begun)], (text) => {
    parts = JSON.parse(text);
  });
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
  return parts;
}

/** Runs a program of Node's, and gives each line it prints to `hear`; resolves with its exit code. */
function readLines(args, hear) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', hear);
    child.on('error', reject);
    child.on('close', resolve);
  });
}
