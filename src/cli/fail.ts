/** How a command ends that could not do what it was asked for. */
import { exitCodes, LockstepError } from '../foundation/errors.ts';
import { reasonOf } from '../run/trouble.ts';
import { complain, err } from './console.ts';

/** Prints one line for each mistake of the user. A defect of this program keeps its stack trace. */
export function fail(error: unknown): void {
  if (error instanceof LockstepError) {
    for (const line of error.message.split('\n')) complain(line);
    process.exitCode = error.exitCode;
    return;
  }
  // What the system refuses is no defect of this program either.
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof Error && syscall !== undefined) {
    complain(`${path === undefined ? syscall : path}: ${reasonOf(error)}`);
    process.exitCode = exitCodes.failed;
    return;
  }
  err.line('train: unexpected failure, please report it');
  err.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = exitCodes.failed;
}
