/** What `resume` and `verify` are told alike: a folder, the threads, and where its data lies now. */
import type { Argv } from 'yargs';
import { LockstepError } from '../foundation/errors.ts';
import type { Executor } from '../parallel/executor.ts';
import { inline } from '../parallel/inline.ts';
import { threads } from '../parallel/threads.ts';
import type { Findings } from '../run/inspect.ts';
import { once } from './options.ts';

export interface AgainArguments {
  run: string;
  threads?: string;
  data?: string;
  quiet?: boolean;
}

/** Declares them. `run` and `count` describe the folder and the number of threads. */
export function againOptions<T>(yargs: Argv<T>, { run, count }: { run: string; count: string }): Argv<T> {
  return yargs
    .positional('run', { describe: run, type: 'string', demandOption: true })
    .option('threads', { describe: count, type: 'string', requiresArg: true })
    .option('data', {
      describe: 'where the data lies now, if not where it was',
      type: 'string',
      requiresArg: true,
    }) as unknown as Argv<T>;
}

/** Where the data lies, if not where it was. */
export function dataPlace({ data }: AgainArguments): { source?: string } {
  return data === undefined ? {} : { source: once('data', data) };
}

export function executorOf(count: number | 'auto' | 'inline'): Executor {
  return count === 'inline' ? inline() : threads(count);
}

/** Throws if something is wrong with a folder. Absent files are exit 4, changed ones exit 1. */
export function refuse({ absent, changed }: Findings): void {
  if (absent.length > 0) throw new LockstepError('checkpoint', [...absent, ...changed]);
  if (changed.length > 0) throw new LockstepError('failed', changed);
}
