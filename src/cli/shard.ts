/** The part of a sweep that this process runs: from `--shard 2/4`, or from a scheduler's environment. */
import { LockstepError } from '../foundation/errors.ts';
import type { Shard } from '../sweep/events.ts';

/**
 * The shard that the option asks for.
 *
 * - `2/4`: the second of four;
 * - `auto/4`: one of four, the index of this Slurm task or of this pod of an indexed Kubernetes job;
 * - nothing: in a Slurm array, which also knows the count, this task; otherwise all trials.
 */
export function shardOf(given: string | undefined, env: NodeJS.ProcessEnv): Shard | undefined {
  const slurm = slurmTask(env);
  const kubernetes = wholeFrom(env, 'JOB_COMPLETION_INDEX');
  if (given === undefined) {
    if (slurm?.count !== undefined)
      return checked({ index: slurm.index, count: slurm.count }, 'SLURM_ARRAY_TASK_ID');
    if (kubernetes === undefined) return undefined;
    throw new LockstepError('usage', {
      where: '--shard',
      expected: '`auto/N` in an indexed job, because Kubernetes does not tell how many there are',
      got: 'nothing',
    });
  }
  const [, index, count] = /^(auto|\d{1,6})\/(\d{1,6})$/.exec(given) ?? [];
  if (index === undefined) throw wrong(JSON.stringify(given));
  if (index !== 'auto') return checked({ index: Number(index), count: Number(count) }, '--shard');
  const counted = slurm?.index ?? (kubernetes === undefined ? undefined : kubernetes + 1);
  if (counted === undefined) {
    throw new LockstepError('usage', {
      where: '--shard',
      expected: 'SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment',
      got: 'neither',
      hint: `say which one it is, such as --shard 1/${count}`,
    });
  }
  return checked({ index: counted, count: Number(count) }, '--shard');
}

/** A task of a Slurm array, counted from 1. https://slurm.schedmd.com/job_array.html */
function slurmTask(env: NodeJS.ProcessEnv): { index: number; count: number | undefined } | undefined {
  const id = wholeFrom(env, 'SLURM_ARRAY_TASK_ID');
  if (id === undefined) return undefined;
  const first = wholeFrom(env, 'SLURM_ARRAY_TASK_MIN') ?? 0;
  const step = wholeFrom(env, 'SLURM_ARRAY_TASK_STEP') ?? 1;
  return { index: (id - first) / step + 1, count: wholeFrom(env, 'SLURM_ARRAY_TASK_COUNT') };
}

function wholeFrom(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new LockstepError('usage', { where: name, expected: 'a whole number', got: JSON.stringify(text) });
}

function checked(shard: Shard, where: string): Shard {
  const { index, count } = shard;
  if (Number.isInteger(index) && index >= 1 && index <= count) return shard;
  throw wrong(`${index}/${count}`, where);
}

function wrong(got: string, where = '--shard'): LockstepError {
  return new LockstepError('usage', {
    where,
    expected: 'a part and the number of parts, such as 2/4, or auto/4',
    got,
  });
}
