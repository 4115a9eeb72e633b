// Runs programs of Node in other processes, and times them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs the `train` of this file with these arguments. Returns the seconds from the start of the process to
 * its first figures and to its end, and the `end` event that it printed.
 */
export async function timeCommand(command, args) {
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
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}`);
    return { firstEpoch, end, seconds: since() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program with Node, and calls `hear` with each line that it prints. Resolves to its exit code. */
export function readLines(args, hear) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', hear);
    child.on('error', reject);
    child.on('close', resolve);
  });
}
