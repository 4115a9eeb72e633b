/**
 * The thread of a rank that has MPI: it makes all calls of it, so that neither the threads that train nor the
 * main thread ever wait within MPI, and goes on to tell the others that this rank lives.
 */
import { elementsOf, type SharedMemory } from '../src/engine/memory.ts';
import { exitCodes, LockstepError } from '../src/foundation/errors.ts';
import type { RanksGiven, RanksStarted } from '../src/parallel/mpi-link.ts';
import {
  givenToLoneThread,
  nextMessage,
  postBack,
  processName,
  writeLine,
} from '../src/platform/lone-thread.ts';
import { openMpi } from '../src/platform/mpi/library.ts';
import { beginMpi } from '../src/platform/mpi/messages.ts';
import { createLine, type Server, serveLine } from '../src/ranks/line.ts';
import { serve } from '../src/ranks/serve.ts';

const { library, family, patience } = givenToLoneThread() as RanksGiven;
let server: Server | undefined;
try {
  const opened = openMpi(library, family);
  const messages = beginMpi(opened);
  const { rank, size } = messages;
  const line = createLine(size);
  server = serveLine(line);
  postBack({ rank, size, line, version: opened.version, name: processName() } satisfies RanksStarted);
  serve({
    server,
    messages,
    patience,
    nextMemory() {
      const elements = elementsOf(nextMessage() as SharedMemory);
      return { bytes: new Uint8Array(elements.buffer), elementBytes: elements.BYTES_PER_ELEMENT };
    },
    lost(other, silent) {
      const seconds = (silent / 1000).toFixed(0);
      writeLine(`train: rank ${other} was lost: nothing was heard of it for ${seconds} s; all ranks end`);
      messages.abort(exitCodes.failed);
    },
  });
} catch (error) {
  const known = error instanceof LockstepError ? error : new LockstepError('failed', String(error));
  // Nobody listens any more once the line is there.
  if (server) writeLine(`train: ${known.message}`);
  server?.break();
  postBack({ message: known.message, code: known.code } satisfies RanksStarted);
}
