// Trainings that are killed, and go on to the same bytes as one that nobody disturbed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { program, runTrain } from './run-cli.ts';
import { toyExperiment } from './toy-data.ts';
import { toyFolder } from './toy-folder.ts';

const often = '\nexecution: { checkpoint: { minutes: 0.001 } }\n';
const compared = [
  'config.yaml',
  'metrics.csv',
  'confusion.csv',
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
];

/** Trains until `ready` says so, and then kills the process. */
export async function killWhen(cwd: string, args: string[], ready: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  while (!ready()) await sleep(2);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

export const toy = toyExperiment.replace(/epochs: \d+/, 'epochs: 40') + often;
/** A short one with this schedule. */
export const withSchedule = (schedule: string) =>
  `${toyExperiment.replace(/^schedule:.*$/m, '')}\nschedule: ${schedule}\n`;
export const last = 'checkpoints/last.safetensors';

/** Trains one run undisturbed, `whole`, and kills another, `run`, once it has a checkpoint, and goes on. */
export async function interrupted(experiment: string, threads = '1'): Promise<string> {
  const cwd = await toyFolder(experiment);
  const whole = await runTrain(['toy.yaml', '--out', 'whole', '--threads', '2', '--quiet'], { cwd });
  expect(whole.stderr).toBe('');
  const file = join(cwd, 'run', last);
  await killWhen(cwd, ['toy.yaml', '--out', 'run', '--threads', '2'], () => existsSync(file));
  expect(existsSync(join(cwd, 'run/summary.json'))).toBe(false);
  const resumed = await runTrain(['resume', 'run', '--threads', threads, '--quiet'], { cwd });
  expect([resumed.stderr, resumed.code]).toEqual(['', 0]);
  return cwd;
}

export async function expectSame(cwd: string, a = 'whole', b = 'run', files = compared): Promise<void> {
  for (const file of files) {
    const [one, other] = [await readFile(join(cwd, a, file)), await readFile(join(cwd, b, file))];
    expect(one.equals(other), `${a} and ${b}: ${file}`).toBe(true);
  }
}
