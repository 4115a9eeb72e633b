/** The connection to the other ranks by MPI: a thread of its own makes all calls. */
import { type FailureCode, LockstepError } from '../foundation/errors.ts';
import { startLoneThread } from '../platform/lone-thread.ts';
import type { Family } from '../platform/mpi/library.ts';
import { attachMemory } from '../ranks/line.ts';
import type { Link } from './ranked.ts';

/** What the thread is told. */
export interface RanksGiven {
  /** The path of the MPI library, if the user names one. */
  library: string | undefined;
  /** Whose launcher has started this process, if that is known. */
  family: Family | undefined;
  /** Milliseconds of silence after which a rank counts as lost. */
  patience: number;
}

/** What it tells: that it is connected, or why it is not, or not any more. */
export type RanksStarted =
  | { rank: number; size: number; line: SharedArrayBuffer; version: string; name: string }
  | { message: string; code: FailureCode };

export interface MpiLink extends Link {
  /** The library, as it calls itself. */
  version: string;
  /** This process, for people. */
  name: string;
}

const file = new URL('../../workers/ranks-worker.js', import.meta.url);

/**
 * Connects to the other ranks.
 *
 * @throws LockstepError if there is no MPI library, or it cannot begin
 */
export async function connectMpi(given: RanksGiven): Promise<MpiLink> {
  const thread = startLoneThread(file, given);
  const started = await new Promise<RanksStarted>((resolve, reject) => {
    thread.onMessage((message) => resolve(message as RanksStarted));
    thread.onError(reject);
  });
  if ('message' in started) throw new LockstepError(started.code, started.message);
  const { rank, size, line, version, name } = started;
  return {
    rank: { index: rank, count: size },
    line,
    version,
    name,
    async attach(memory) {
      thread.post(memory);
      await attachMemory(line);
    },
  };
}
