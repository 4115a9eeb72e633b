// Errors and kills at each system call by which a run and a resume change the disk, put in by strace (Linux
// only): the exit code is right, there is no stack trace, and what is left can be gone on with to the same
// bytes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExperiments } from './experiments.mjs';
import { program } from './program.mjs';

/** The calls, and what goes wrong in them. */
const kinds = [
  ['fsync', 'error=EIO'],
  ['fsync', 'error=ENOSPC'],
  ['fsync', 'signal=KILL'],
  ['rename', 'error=EACCES'],
  ['rename', 'signal=KILL'],
  ['unlink', 'error=EPERM'],
  ['unlink', 'signal=KILL'],
  ['pwrite64', 'error=ENOSPC'],
  ['pwrite64', 'signal=KILL'],
  ['ftruncate', 'error=EIO'],
  ['mkdir', 'error=ENOSPC'],
  ['mkdir', 'signal=KILL'],
];
/** `rename` may be `renameat` or `renameat2` where the C library has it so. */
const calls = { rename: 'rename,renameat,renameat2', unlink: 'unlink,unlinkat', mkdir: 'mkdir,mkdirat' };
const compared = ['metrics.csv', 'checkpoints/last.safetensors', 'checkpoints/best.safetensors'];

/** @param {{ trials: number, from?: number, done?(trial: number): void }} options */
export async function faults({ trials, from = 0, done = () => {} }) {
  if (spawnSync('strace', ['-V']).status !== 0) {
    console.log('faults: strace is not there (apt-get install strace)');
    return false;
  }
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-faults-'));
  const [{ file }] = writeExperiments(cwd);
  const args = [file, '--epochs', '3', '--set', 'execution.checkpoint={epochs: 1}', '--quiet'];
  const run = (...all) => spawnSync(process.execPath, [program, ...all], { cwd, encoding: 'utf8' });
  const whole = run(...args, '--out', 'whole');
  if (whole.status !== 0) throw new Error(whole.stderr);
  const same = (out) =>
    compared.every(
      (path) =>
        existsSync(join(cwd, out, path)) &&
        readFileSync(join(cwd, 'whole', path)).equals(readFileSync(join(cwd, out, path))),
    );
  let [struck, ended, wrong, traces, nothing] = [0, 0, 0, 0, 0];
  let trial = 0;
  for (const [call, fault] of kinds) {
    // The n-th call of its kind fails; when there are fewer, the run is undisturbed, and the next kind
    // begins.
    for (let n = 1; trial < trials; n++) {
      trial++;
      if (trial <= from) continue;
      const out = `run-${trial}`;
      const names = calls[call] ?? call;
      const traced = spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-e',
          `trace=${names}`,
          '-e',
          `inject=${names}:${fault}:when=${n}`,
          process.execPath,
          program,
          ...args,
          '--out',
          out,
        ],
        { cwd, encoding: 'utf8' },
      );
      const { status, signal, stderr } = traced;
      const complain = (text) => {
        wrong++;
        console.log(`  ${call} ${n}, ${fault}: exit ${status ?? signal}: ${text}\n${stderr.slice(0, 500)}`);
      };
      if (/\n {4}at |unexpected failure/.test(stderr)) {
        traces++;
        complain('a stack trace');
      }
      const killed = fault === 'signal=KILL' && (signal === 'SIGKILL' || status === 137);
      const clean = status === 0 && stderr === '';
      if (!killed && status !== 0 && status !== 1) complain('another exit code');
      if (!clean) struck++;
      if (!existsSync(join(cwd, out, 'config.yaml'))) nothing++;
      else {
        const again = run('resume', out, '--quiet');
        if (again.status !== 0) complain(`cannot be gone on with: ${again.stderr}`);
        else if (!existsSync(join(cwd, out, 'summary.json')) || !same(out)) complain('other bytes');
        else ended++;
      }
      rmSync(join(cwd, out), { recursive: true, force: true });
      done(trial);
      if (clean) break;
    }
  }
  console.log(
    `faults: ${trial - from} runs, ${struck} struck: ` +
      `${ended} went on to the same bytes, ${nothing} before there ` +
      `was a run, ${wrong} wrong, ${traces} stack traces`,
  );
  rmSync(cwd, { recursive: true, force: true });
  return wrong === 0;
}
