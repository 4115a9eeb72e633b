// Threads that hang, with real loops and real clocks: each trial takes half a minute and more. An endless
// loop is noticed and repaired to the same bits, or ends with exit 1 after three repairs; what is only slow
// is not taken for one.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeExperiments } from './experiments.mjs';
import { program } from './program.mjs';

const preload = (name) => new URL(`../../test/support/${name}`, import.meta.url).href;
const weights = 'checkpoints/last.safetensors';

/** Runs the program; `during` may send it signals. A program that hangs is killed, and has no exit code. */
async function run(cwd, args, { env = {}, fault, during = async () => {} } = {}) {
  const options = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
  const all = [...(fault ? ['--import', preload(fault)] : []), program, ...args];
  const child = spawn(process.execPath, all, options);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (more) => {
      text += more;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), 600_000);
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  const result = await during(child, () => text);
  const code = await ended;
  clearTimeout(timer);
  return { code, text, result };
}

const struck = async (text) => {
  while (!text().includes('"struck"')) await sleep(50);
};

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function stalls({ trials, from = 0, done = () => {} }) {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-stalls-'));
  const [{ file }] = writeExperiments(cwd);
  const bits = (out) => readFileSync(join(cwd, out, weights));
  const base = [file, '--epochs', '4'];
  const whole = await run(cwd, [...base, '--out', 'whole']);
  if (whole.code !== 0) throw new Error(whole.text);
  let trial = 0;
  let out = '';
  const faulty = (kind, during, more = {}) => ({
    fault: 'fault.mjs',
    env: {
      FAULT_KIND: kind,
      FAULT_DURING: during,
      FAULT_THREAD: '1',
      FAULT_THREADS: '2',
      FAULT_AT: '60',
      ...more,
    },
  });
  const two = () => [...base, '--threads', '2', '--out', out];

  /** A fault that is repaired to the same bits. */
  const repaired = async (kind, during, most) => {
    let [code, text] = [0, ''];
    // At any block, so in any phase. The other thread may have done all of them.
    for (let attempt = 0; attempt < 8 && !text.includes('"struck"'); attempt++) {
      rmSync(join(cwd, out), { recursive: true, force: true });
      const at = {
        FAULT_AT: String(1 + Math.floor(Math.random() * most)),
        FAULT_THREAD: String(attempt % 2),
      };
      ({ code, text } = await run(cwd, two(), faulty(kind, during, at)));
    }
    if (!text.includes('"struck"')) return 'the fault did not strike';
    if (code !== 0) return `exit ${code}: ${text}`;
    if (!/goes on from .* with new threads \(1 of 3\)/.test(text)) return `no repair: ${text}`;
    return bits(out).equals(bits('whole')) ? undefined : 'other bits';
  };
  /** Something slow that is no stall. */
  const patient = async (args, options) => {
    const { code, text } = await run(cwd, [...args, '--out', out], options);
    if (code !== 0) return `exit ${code}: ${text}`;
    return /lost|new threads/.test(text) ? `taken for a stall: ${text}` : undefined;
  };

  const kinds = {
    'a loop while it trains': () => repaired('loop', 'train', 300),
    'a loop while it evaluates': () => repaired('loop', 'evaluate', 3),
    'a worker that sleeps for ever': () => repaired('sleep', 'train', 300),
    'a worker out of memory': () => repaired('out of memory', 'train', 300),
    'a loop in each worker that takes the place': async () => {
      const { code, text } = await run(
        cwd,
        two(),
        // Early enough that each of the four comes to it before the training ends.
        faulty('loop', 'train', { FAULT_AGAIN: 'yes', FAULT_AT: '150' }),
      );
      if (code !== 1 || !text.includes('(3 of 3)')) return `exit ${code}: ${text}`;
      if (/\n {4}at /.test(text)) return 'a stack trace';
      const again = await run(cwd, ['resume', out, '--quiet']);
      return again.code === 0 && bits(out).equals(bits('whole')) ? undefined : `resume: ${again.text}`;
    },
    'a loop, and Ctrl-C': async () => {
      const during = async (child, text) => {
        await struck(text);
        await sleep(3000);
        const sent = Date.now();
        child.kill('SIGINT');
        await new Promise((resolve) => child.on('exit', resolve));
        return Date.now() - sent;
      };
      const { code, text, result } = await run(cwd, two(), {
        ...faulty('loop', 'train', { FAULT_AT: '400' }),
        during,
      });
      if (code !== 130) return `exit ${code}: ${text}`;
      if (result > 2500) return `it took ${result} ms`;
      if (!existsSync(join(cwd, out, weights))) return `no checkpoint: ${text}`;
      const again = await run(cwd, ['resume', out, '--quiet']);
      return again.code === 0 && bits(out).equals(bits('whole')) ? undefined : `resume: ${again.text}`;
    },
    'a loop in a training of a sweep': async () => {
      const sweep = `experiment: ${file}\nsweep: { method: grid, parameters: { optimizer.learningRate: { values: [0.02, 0.05] } } }\n`;
      writeFileSync(join(cwd, 'sweep.yaml'), sweep);
      mkdirSync(join(cwd, `strikes-${out}`));
      const env = {
        FAULT_KIND: 'loop',
        FAULT_EPOCH: '2',
        FAULT_TIMES: '1',
        FAULT_FOLDER: join(cwd, `strikes-${out}`),
      };
      const args = ['sweep', 'sweep.yaml', '--set', 'epochs=3', '--threads', '2', '--parallel', '2', '--out'];
      const { code, text } = await run(cwd, [...args, out], { fault: 'trial-fault.mjs', env });
      if (readdirSync(join(cwd, `strikes-${out}`)).length !== 1) return 'the fault did not strike';
      if (code !== 0 || !text.includes('has done nothing for')) return `exit ${code}: ${text}`;
      const plain = await run(cwd, [...args, `${out}-plain`]);
      const results = (of) => readFileSync(join(cwd, of, 'results.csv'), 'utf8');
      return plain.code === 0 && results(out) === results(`${out}-plain`) ? undefined : 'other results';
    },
    'no stall: a process that was stopped for a minute': () =>
      patient([file, '--epochs', '40', '--threads', '2'], {
        during: async (child) => {
          await sleep(4000);
          child.kill('SIGSTOP');
          await sleep(60_000);
          child.kill('SIGCONT');
        },
      }),
    'no stall: a full batch on the float64 kernels': () =>
      patient([
        file,
        '--batch-size',
        'full',
        '--set',
        'kernels=reference',
        '--set',
        'model[0].units=1500',
        '--epochs',
        '2',
        '--threads',
        '2',
      ]),
    'no stall: 64 threads on two cores': () => patient([file, '--epochs', '3', '--threads', '64']),
  };
  const names = Object.keys(kinds);
  const wrong = [];
  for (trial = from; trial < trials; trial++) {
    const name = names[trial % names.length];
    out = `run-${trial}`;
    const complaint = await kinds[name]();
    if (complaint !== undefined) {
      wrong.push(name);
      console.log(`  ${name}: ${complaint.slice(-1500)}`);
    }
    done(trial + 1);
  }
  console.log(`stalls: ${trials - from} trials of ${names.length} kinds, ${wrong.length} wrong`);
  rmSync(cwd, { recursive: true, force: true });
  return wrong.length === 0;
}
