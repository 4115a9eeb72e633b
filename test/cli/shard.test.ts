import { describe, expect, test } from 'vitest';
import { shardOf } from '#lockstep/cli/shard.js';

describe('--shard', () => {
  const slurm = { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '4' };
  const cases: [string | undefined, NodeJS.ProcessEnv, [number, number] | undefined][] = [
    ['2/4', {}, [2, 4]],
    ['1/1', slurm, [1, 1]],
    [undefined, {}, undefined],
    // Tasks 5 to 8.
    [undefined, slurm, [3, 4]],
    [undefined, { ...slurm, SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_STEP: '2' }, [3, 4]],
    ['auto/8', slurm, [3, 8]],
    // Kubernetes counts from 0.
    ['auto/4', { JOB_COMPLETION_INDEX: '3' }, [4, 4]],
  ];
  test.each(cases)('%s in %j is %j', (given, env, expected) => {
    expect(shardOf(given, env)).toEqual(expected && { index: expected[0], count: expected[1] });
  });

  const mistakes: [string | undefined, NodeJS.ProcessEnv, string][] = [
    ['3', {}, '--shard: expected a part and the number of parts, such as 2/4, or auto/4, got "3"'],
    ['5/4', {}, '--shard: expected a part and the number of parts, such as 2/4, or auto/4, got 5/4'],
    ['0/4', {}, '--shard: expected a part and the number of parts, such as 2/4, or auto/4, got 0/4'],
    [
      'auto/4',
      {},
      '--shard: expected SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment, got neither; ' +
        'say which one it is, such as --shard 1/4',
    ],
    [
      undefined,
      { JOB_COMPLETION_INDEX: '0' },
      '--shard: ' +
        'expected `auto/N` in an indexed job, because Kubernetes does not tell how many there are, ' +
        'got nothing',
    ],
    [
      'auto/2',
      { JOB_COMPLETION_INDEX: '2' },
      '--shard: expected a part and the number of parts, such as 2/4, or auto/4, got 3/2',
    ],
    ['auto/2', { JOB_COMPLETION_INDEX: 'x' }, 'JOB_COMPLETION_INDEX: expected a whole number, got "x"'],
  ];
  test.each(mistakes)('%s in %j is refused', (given, env, message) => {
    expect(() => shardOf(given, env)).toThrow(message);
  });
});
