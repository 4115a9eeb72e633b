// The time to the first step and to the end: of the command `train` in its own process, and part by part of a
// program that uses the library. The files are in the system's cache, because the first run does not count.
import { fileURLToPath } from 'node:url';
import { readLines, timeCommand } from '../support/command.mjs';
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
    const first = await timeCommand(command, ['mnist', ...oneStep]);
    const whole = await timeCommand(command, ['mnist']);
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

async function runParts() {
  let parts;
  const begun = Date.now();
  const code = await readLines([program, String(begun)], (text) => {
    parts = JSON.parse(text);
  });
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
  return parts;
}
