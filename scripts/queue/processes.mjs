// The processes of the tests: sweeps and workers. All of them end with this one.
import { spawn } from 'node:child_process';
import { program } from '../survive/program.mjs';

const living = new Set();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** Starts the program. `ended` gives its exit status, or the signal, and what it printed. */
export function start(args, { cwd, file = program, env = {} }) {
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', npm_command: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    said.stdout += text;
  });
  child.stderr.on('data', (text) => {
    said.stderr += text;
  });
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      living.delete(child);
      resolve({ code: code ?? signal, ...said });
    });
  });
  return { ended, said, pid: child.pid, kill: (signal) => child.kill(signal) };
}

/** Workers that are replaced when they are killed. */
export function team(count, url, { cwd }) {
  const launch = () => start(['sweep', 'work', url, '--threads', '1', '--quiet'], { cwd });
  const workers = Array.from({ length: count }, launch);
  return {
    workers,
    /** Kills one of them, and starts another. */
    replace(signal) {
      const which = Math.floor(Math.random() * workers.length);
      workers[which].kill(signal);
      workers[which] = launch();
    },
    async end() {
      for (const worker of workers) worker.kill('SIGINT');
      return Promise.all(workers.map(({ ended }) => ended));
    },
  };
}
