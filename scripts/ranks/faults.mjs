// What goes wrong with a rank: it is killed, stops, or sees other data. All ranks must end, and the training
// go on to the same bytes with other numbers of ranks and threads.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandOf, program, ranksOf, start } from './launch.mjs';

/** Files of a run that must be the same. */
export const compared = [
  'metrics.csv',
  'confusion.csv',
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
];

export function differing(cwd, expected, got) {
  return compared.filter((path) => {
    const [a, b] = [join(cwd, expected, path), join(cwd, got, path)];
    return !existsSync(b) || !readFileSync(a).equals(readFileSync(b));
  });
}

const upTo = (most) => 1 + Math.floor(Math.random() * most);

/** Milliseconds within which all ranks must have ended. */
const limits = { SIGKILL: 15_000, SIGSTOP: 30_000 };

/**
 * What must be said of the rank that was struck. A killed one is told by the launcher, and MPICH's names the
 * process that it missed first, which may be one that it has ended itself.
 */
const names = ({ rank, pid }, signal, family) =>
  signal === 'SIGKILL' && family === 'MPICH'
    ? /PID \d+ RUNNING AT|Killed \(signal 9\)/
    : new RegExp(`\\brank ${rank}\\b|\\bPID ${pid}\\b`, 'i');

/**
 * Sends a signal to a random rank in the middle of a training, and goes on with others.
 *
 * @returns what went wrong; empty if nothing did
 */
export async function strike(signal, { cwd, env, family, command }, { file, whole, out }) {
  const wrong = [];
  const count = 1 + upTo(3);
  const args = [program, file, '--ranks', 'mpi', '--threads', String(upTo(2)), '--out', out, '--quiet'];
  const { ended, child } = start(commandOf(family, command, count, args), { cwd, env });
  const begun = Date.now();
  // Somewhere between the first checkpoint and the end.
  while (!existsSync(join(cwd, out, 'checkpoints/last.safetensors')) && child.exitCode === null) {
    if (Date.now() - begun > 300_000) {
      child.kill();
      return ['it did not begin'];
    }
    await sleep(20);
  }
  await sleep(Math.random() * 1000);
  const ranks = ranksOf(out);
  const victim = ranks[Math.floor(Math.random() * ranks.length)];
  if (victim && child.exitCode === null) {
    const struck = Date.now();
    process.kill(victim.pid, signal);
    const late = sleep(limits[signal]).then(() => undefined);
    const end = await Promise.race([ended, late]);
    if (!end) {
      wrong.push(`not ended ${limits[signal] / 1000} s after ${signal} for rank ${victim.rank} of ${count}`);
      for (const { pid } of ranksOf(out)) process.kill(pid, 'SIGKILL');
      child.kill('SIGKILL');
      await ended;
    } else if (end.code === 0) {
      wrong.push(`${signal} for rank ${victim.rank} of ${count}: exit 0 after ${Date.now() - struck} ms`);
    } else if (!names(victim, signal, family).test(end.out + end.err)) {
      wrong.push(
        `${signal}: rank ${victim.rank}, process ${victim.pid}, is not named:\n${end.out}${end.err}`,
      );
    }
  } else {
    await ended;
    wrong.push('it ended before anybody was struck');
  }
  for (let left = 0; ranksOf(out).length > 0; left++) {
    if (left === 100) return [...wrong, `processes are left: ${JSON.stringify(ranksOf(out))}`];
    await sleep(50);
  }
  const again = ['resume', out, '--ranks', 'mpi', '--threads', String(upTo(2)), '--quiet'];
  const { code, err } = await start(commandOf(family, command, upTo(4), [program, ...again]), { cwd, env })
    .ended;
  if (code !== 0) wrong.push(`resume: exit ${code}\n${err}`);
  const files = differing(cwd, whole, out);
  if (files.length > 0) wrong.push(`other bytes in ${files.join(', ')}`);
  if (wrong.length === 0) rmSync(join(cwd, out), { recursive: true });
  return wrong;
}

const withOtherData = fileURLToPath(new URL('other-data.mjs', import.meta.url));

/** One of two ranks has another data file under the same name. */
export async function otherData({ cwd, env, family, command }) {
  const { code, err } = await start(commandOf(family, command, 2, [withOtherData]), { cwd, env }).ended;
  const wrong = [];
  if (code !== 1) wrong.push(`exit ${code}`);
  if (!/^train: rank 1 \(.*\): expected the data of rank 0/m.test(err)) wrong.push(`it says\n${err}`);
  if (existsSync(join(cwd, 'other'))) wrong.push('it has begun a run');
  return wrong;
}
