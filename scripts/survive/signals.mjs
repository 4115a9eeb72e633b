// Random signals at random moments: a checkpoint is saved, the exit code is the signal's, and the training
// goes on to the same bytes; and many threads on few cores.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeExperiments } from './experiments.mjs';
import { program } from './program.mjs';

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function signals({ trials, from = 0, done = () => {} }) {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-signals-'));
  const [{ file }] = writeExperiments(cwd);
  const train = (...args) =>
    spawnSync(process.execPath, [program, ...args, '--quiet'], { cwd, encoding: 'utf8' });
  const begun = Date.now();
  train(file, '--out', 'whole');
  const time = Date.now() - begun;
  const last = (run) => readFileSync(join(cwd, run, 'checkpoints/last.safetensors'));
  let [right, wrong, before, slowest] = [0, 0, 0, 0];
  for (let trial = from; trial < trials; trial++) {
    const out = `run-${trial}`;
    const name = Object.keys(codes)[trial % 3];
    const child = spawn(
      process.execPath,
      [program, file, '--out', out, '--quiet', '--threads', String(1 + (trial % 4))],
      {
        cwd,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let told = '';
    child.stderr.on('data', (text) => {
      told += text;
    });
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
    await sleep(200 + Math.random() * time);
    const sent = Date.now();
    // A manager of processes may send one kind after the other: the second must not quit at once.
    child.kill(name);
    if (trial % 5 === 0) child.kill(name === 'SIGTERM' ? 'SIGINT' : 'SIGTERM');
    const code = await ended;
    slowest = Math.max(slowest, Date.now() - sent);
    if (!existsSync(join(cwd, out, 'summary.json'))) {
      // It came before the first step, when there is nothing to save.
      before++;
      rmSync(join(cwd, out), { recursive: true, force: true });
    } else {
      const { stopped } = JSON.parse(readFileSync(join(cwd, out, 'summary.json'), 'utf8'));
      const resumed = !stopped || train('resume', out).status === 0;
      // Node takes its handlers away before the process is gone: some 10 ms, when all is done and written.
      const late = code in codes && !stopped;
      const known =
        code === 0 || late || (Object.values(codes).includes(code) && told.includes(`train resume ${out}`));
      if (resumed && known && last(out).equals(last('whole'))) right++;
      else {
        wrong++;
        console.log(`  ${name}: exit ${code}, ${told}`);
      }
    }
    rmSync(join(cwd, out), { recursive: true, force: true });
    done(trial + 1);
  }
  let crowded = 0;
  const few = Math.ceil(trials / 10);
  for (let i = 0; i < few; i++) {
    train(file, '--out', `crowd-${i}`, '--threads', '64', '--epochs', '1');
    if (existsSync(join(cwd, `crowd-${i}`, 'summary.json'))) crowded++;
  }
  console.log(
    `signals: ${trials - from} sent: ${right} went on to the same bytes, ${before} before there was a run, ` +
      `${wrong} wrong, slowest end ${slowest} ms; 64 threads: ${crowded} of ${few} trained`,
  );
  rmSync(cwd, { recursive: true, force: true });
  return wrong === 0 && crowded === few;
}
