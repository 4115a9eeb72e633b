// `train serve` in a process of its own, as scripts/serve.mjs and bench/serve.mjs start it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const probe = new URL('probe.mjs', import.meta.url).href;

/** Starts the server of a run, and resolves when it listens. */
export async function startServer(folder) {
  const node = ['--expose-gc', '--import', probe];
  const child = spawn(process.execPath, [...node, program, 'serve', folder, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let [printed, complaints] = ['', ''];
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, printed, complaints })));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('\n')) resolve(JSON.parse(printed.split('\n')[0]).url);
    });
    ended.then(() => reject(new Error(complaints)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    ended,
    get alive() {
      return child.exitCode === null;
    },
    /** Bytes of the process after a collection. */
    memory: () =>
      new Promise((resolve) => {
        child.once('message', ({ rss }) => resolve(rss));
        child.send('memory');
      }),
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs a command of the program to its end. */
export function runTrain(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`train ${args[0]}: ${code}`))));
  });
}
