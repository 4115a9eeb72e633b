// Runs the built command as a user would, in its own folder.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const program = resolve(import.meta.dirname, '../../dist/src/cli/main.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stdout has shown this text. */
  shows(text: string): Promise<void>;
  /** The same of stderr. */
  complains(text: string): Promise<void>;
  /** What they have shown so far. */
  stdout(): string;
  stderr(): string;
}

export function startTrain(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd ?? temporary(),
    // As called by its name, whatever calls the tests.
    env: { ...process.env, NO_COLOR: '', npm_command: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; tell: () => void }[] = [];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const { text, tell } of waiting) if (stdout.includes(text)) tell();
  });
  const expected: { text: string; tell: () => void }[] = [];
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const { text, tell } of expected) if (stderr.includes(text)) tell();
  });
  return {
    finished: new Promise((finish) => child.on('close', (code) => finish({ code, stdout, stderr }))),
    kill: (signal) => void child.kill(signal),
    complains: (text) =>
      new Promise((tell) => (stderr.includes(text) ? tell() : expected.push({ text, tell }))),
    stdout: () => stdout,
    stderr: () => stderr,
    shows: (text) => new Promise((tell) => (stdout.includes(text) ? tell() : waiting.push({ text, tell }))),
  };
}

/** Runs `train` to its end. */
export function runTrain(
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<Finished> {
  return startTrain(args, options).finished;
}

export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'lockstep-'));
}
