/** An executor whose training other processes share: the ranks. */
import type { SharedMemory } from '../engine/memory.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Rank } from '../ranks/exchange.ts';
import type { Executor } from './executor.ts';
import { WorkerLost } from './worker-lost.ts';

/** The connection to the other ranks. */
export interface Link {
  rank: Rank;
  /** See ranks/line.ts. */
  line: SharedArrayBuffer;
  /** Tells where the numbers lie that are traded. */
  attach(memory: SharedMemory): Promise<void>;
}

/** Something went wrong in this rank alone. */
export class RankFailed extends LockstepError {
  override readonly name = 'RankFailed';

  constructor(message: string) {
    super('failed', message);
  }
}

/**
 * The same executor for a part of each minibatch. If one of its threads is lost, the training fails: the
 * other ranks are in the middle of the same step. One rank alone is the executor as it is.
 */
export function ranked(executor: Executor, { rank, line, attach }: Link): Executor {
  if (rank.count === 1) return executor;
  const { threads, name } = executor;
  return {
    ...{ threads, name, ranks: rank },
    prepare: () => executor.prepare?.(),
    async start(task, steps) {
      await attach(task.memory);
      const session = await executor.start({ ...task, ranks: { ...rank, line } }, steps);
      return {
        async run(command) {
          try {
            await session.run(command);
          } catch (error) {
            throw error instanceof WorkerLost ? new RankFailed(error.message) : error;
          }
        },
        active: () => session.active(),
        end: () => session.end(),
      };
    },
  };
}
