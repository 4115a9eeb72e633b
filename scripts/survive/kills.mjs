// Kills trainings at random moments, goes on with another number of threads, and compares every byte with a
// training that nobody disturbed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeExperiments } from './experiments.mjs';
import { program } from './program.mjs';

const compared = [
  'metrics.csv',
  'confusion.csv',
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
];

/** Waits for the training, or for the moment at which it is killed. Returns whether it was killed. */
async function runFor(cwd, args, milliseconds, aim) {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const begun = Date.now();
  const moment = async () => {
    if (aim) {
      // In the middle of the writing of a checkpoint: its file beside is there.
      for (;;) {
        const folder = join(cwd, aim, 'checkpoints');
        const writing = existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.tmp'));
        if (writing && Date.now() - begun > milliseconds / 2) break;
        if (Date.now() - begun > 4 * milliseconds) break;
        await sleep(1);
      }
    } else await sleep(milliseconds);
    child.kill('SIGKILL');
  };
  void moment();
  const { code, signal } = await ended;
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`${args.join(' ')}: exit ${code}\n${told}`);
  return signal === 'SIGKILL';
}

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function kills({ trials, from = 0, done = () => {} }) {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-kills-'));
  const all = writeExperiments(cwd);
  const reference = new Map();
  for (const { file } of all) {
    const begun = Date.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [program, file, '--out', `whole-${file}`, '--quiet'],
      {
        cwd,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`${file}: exit ${status}\n${stderr}`);
    reference.set(file, Date.now() - begun);
  }
  let [killed, differing, early] = [0, 0, 0];
  const lost = [];
  for (let trial = from; trial < trials; trial++) {
    const { file, name } = all[trial % all.length];
    const out = `run-${trial}`;
    const time = reference.get(file);
    const threads = () => String(1 + Math.floor(Math.random() * 3));
    const aimed = trial % 3 === 0;
    let cut = await runFor(
      cwd,
      [file, '--out', out, '--threads', threads(), '--quiet'],
      500 + Math.random() * time,
      aimed && out,
    );
    let kills = cut ? 1 : 0;
    while (cut) {
      if (!existsSync(join(cwd, out, 'config.yaml'))) {
        // Killed before there was a run: there is nothing to go on with.
        rmSync(join(cwd, out), { recursive: true, force: true });
        early++;
        cut = await runFor(cwd, [file, '--out', out, '--quiet'], 1e6);
        continue;
      }
      const patience = kills < 3 ? 500 + Math.random() * time : 1e6;
      cut = await runFor(
        cwd,
        ['resume', out, '--threads', threads(), '--quiet'],
        patience,
        kills < 3 && aimed && out,
      );
      if (cut) kills++;
    }
    killed += kills;
    for (const path of compared) {
      const [a, b] = [join(cwd, `whole-${file}`, path), join(cwd, out, path)];
      if (readFileSync(a).equals(readFileSync(b))) continue;
      differing++;
      console.log(`  differs: ${name}: ${out}/${path} after ${kills} kills, in ${cwd}`);
    }
    const left = readdirSync(join(cwd, out, 'checkpoints')).filter((name) => name.endsWith('.tmp'));
    if (left.length > 0) lost.push(`${out}: ${left}`);
    if (differing === 0) rmSync(join(cwd, out), { recursive: true, force: true });
    done(trial + 1);
  }
  console.log(
    `kills: ${trials - from} trainings, killed ${killed} times (${early} before there was a run): ` +
      `${differing} files differ, ${lost.length} leftovers`,
  );
  if (differing === 0) rmSync(cwd, { recursive: true, force: true });
  return differing === 0 && lost.length === 0;
}
