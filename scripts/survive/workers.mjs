// Faults in worker threads at random steps: the same bits, or exit 1; never a hang.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(`../../test/support/${name}`, import.meta.url));
const kinds = ['exit 0', 'exit 3', 'throw', 'throw null', 'throw undefined', 'unhandled rejection'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** Undefined: it hung. */
function lose(env) {
  const child = spawn(process.execPath, ['--import', file('fault.mjs'), file('lost-worker.mjs')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [text, told] = ['', ''];
  child.stderr.on('data', (more) => {
    told += more;
  });
  child.stdout.on('data', (more) => {
    text += more;
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(undefined);
    }, 90_000);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = text
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('{'));
      resolve(Object.assign({ exit: signal ?? code, told }, ...lines.map((line) => JSON.parse(line))));
    });
  });
}

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function workers({ trials, from = 0, done = () => {} }) {
  const { digest } = await lose({ FAULT_KIND: 'none', FAULT_THREADS: '2' });
  let [same, failed, struck, hangs, wrong] = [0, 0, 0, 0, 0];
  for (let trial = from; trial < trials; trial++) {
    const threads = 1 + Math.floor(Math.random() * 4);
    const again = Math.random() < 0.1;
    const env = {
      FAULT_KIND: pick(kinds),
      FAULT_DURING: Math.random() < 0.85 ? 'train' : 'evaluate',
      FAULT_THREAD: String(Math.floor(Math.random() * Math.min(2, threads))),
      FAULT_AT: String(1 + Math.floor(Math.random() * 900)),
      FAULT_THREADS: String(threads),
      ...(again ? { FAULT_AGAIN: 'yes' } : {}),
    };
    const report = await lose(env);
    if (!report) hangs++;
    else if (report.digest === digest) same++;
    else if (report.error?.code === 'failed' && again) failed++;
    else wrong++;
    if (report?.struck) struck++;
    if (!report || (report.digest !== digest && !report.error))
      console.log('  ', JSON.stringify(env), report);
    done(trial + 1);
  }
  console.log(
    `workers: ${trials - from} trainings, struck ${struck}: ` +
      `${same} the same bits, ${failed} failed with exit 1 ` +
      `after three repairs, ${wrong} wrong, ${hangs} hung`,
  );
  return wrong === 0 && hangs === 0;
}
