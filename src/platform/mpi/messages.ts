/** Messages between ranks: the few calls of MPI that are used, the same for both families. */
import { LockstepError } from '../../foundation/errors.ts';
import { allocateShared } from '../shared-memory.ts';
import type { Foreign } from './foreign.ts';
import type { Family, MpiLibrary } from './library.ts';

export interface Messages {
  /** This process, from 0. */
  rank: number;
  size: number;
  /** Begins to send these bytes, which must stay until all is done. */
  send(bytes: Uint8Array, to: number, tag: number): void;
  /** Begins to get as many bytes, or fewer. */
  get(bytes: Uint8Array, from: number, tag: number): void;
  /** Whether all that was begun is done. */
  isDone(): boolean;
  /** Sends a message without bytes that nobody waits for. */
  beat(to: number, tag: number): void;
  /** Takes all such messages of a rank. Returns whether there were any. */
  hears(from: number, tag: number): boolean;
  /** Ends all ranks, after half a second: MPICH's launcher prints no more of what it has not read by then. */
  abort(code: number): void;
  /** Ends the use of MPI; all ranks have to. */
  finish(): void;
}

/** What the two families write differently. */
interface Kind {
  /** The type of a communicator, a type of data and a request in C. */
  handle: 'void *' | 'int';
  /** Bytes of it. */
  handleBytes: number;
  world: unknown;
  byte: unknown;
}

/** Only one thread makes calls, but it is not the first of the process. */
const serialized = 2;
/** No status is longer. */
const statusBytes = 64;
/** The most bytes of a message: a count is an int. */
const mostBytes = 1 << 30;
/** Milliseconds before an abort. */
const lastWords = 500;
/** Room for so many requests at first. */
const fewRequests = 256;

function kindOf({ family, library }: MpiLibrary): Kind {
  if (family === 'MPICH') return { handle: 'int', handleBytes: 4, world: 0x44000000, byte: 0x4c00010d };
  const at = (name: string) => library.symbol(name, 'void *');
  return { handle: 'void *', handleBytes: 8, world: at('ompi_mpi_comm_world'), byte: at('ompi_mpi_byte') };
}

/**
 * Begins to use MPI in this thread, which then makes all calls.
 *
 * @throws LockstepError `failed` if MPI cannot begin
 */
export function beginMpi(opened: MpiLibrary): Messages {
  const { library, family } = opened;
  const { handle, handleBytes, world, byte } = kindOf(opened);
  const call = (declaration: string): Foreign => checked(library.func(`int ${declaration}`), family);
  const message = `void *bytes, int count, ${handle} type, int peer, int tag, ${handle} comm`;
  const calls = {
    init: call('MPI_Init_thread(void *argc, void *argv, int wanted, void *provided)'),
    rank: call(`MPI_Comm_rank(${handle} comm, void *rank)`),
    size: call(`MPI_Comm_size(${handle} comm, void *size)`),
    isend: call(`MPI_Isend(${message}, void *request)`),
    irecv: call(`MPI_Irecv(${message}, void *request)`),
    recv: call(`MPI_Recv(${message}, void *status)`),
    testall: call('MPI_Testall(int count, void *requests, void *flag, void *statuses)'),
    iprobe: call(`MPI_Iprobe(int peer, int tag, ${handle} comm, void *flag, void *status)`),
    abort: call(`MPI_Abort(${handle} comm, int code)`),
    finalize: call('MPI_Finalize()'),
  };
  const number = Buffer.alloc(statusBytes);
  calls.init(null, null, serialized, number);
  const provided = number.readInt32LE(0);
  if (provided < serialized) {
    throw new LockstepError('failed', `${family}: expected calls from any one thread, got level ${provided}`);
  }
  const asked = (get: Foreign) => {
    get(world, number);
    return number.readInt32LE(0);
  };
  const [rank, size] = [asked(calls.rank), asked(calls.size)];

  const trade = requestList(handleBytes);
  const beats = requestList(handleBytes);
  const nothing = Buffer.alloc(statusBytes);
  const flag = Buffer.alloc(statusBytes);
  const status = Buffer.alloc(statusBytes);
  const all = ({ requests, count, statuses }: RequestList) => {
    if (count() === 0) return true;
    calls.testall(count(), requests(), flag, statuses());
    return flag.readInt32LE(0) !== 0;
  };
  const pieces = (bytes: Uint8Array, begin: (piece: Uint8Array) => void) => {
    for (let from = 0; from < bytes.length; from += mostBytes) begin(bytes.subarray(from, from + mostBytes));
  };
  return {
    rank,
    size,
    send(bytes, to, tag) {
      pieces(bytes, (piece) => calls.isend(piece, piece.length, byte, to, tag, world, trade.next()));
    },
    get(bytes, from, tag) {
      pieces(bytes, (piece) => calls.irecv(piece, piece.length, byte, from, tag, world, trade.next()));
    },
    isDone() {
      if (!all(trade)) return false;
      trade.clear();
      return true;
    },
    beat(to, tag) {
      if (all(beats)) beats.clear();
      // Whoever does not take them needs no more.
      if (beats.count() < fewRequests) calls.isend(nothing, 0, byte, to, tag, world, beats.next());
    },
    hears(from, tag) {
      for (let heard = false; ; heard = true) {
        calls.iprobe(from, tag, world, flag, status);
        if (flag.readInt32LE(0) === 0) return heard;
        calls.recv(nothing, 0, byte, from, tag, world, status);
      }
    },
    abort(code) {
      Atomics.wait(new Int32Array(allocateShared(4)), 0, 0, lastWords);
      calls.abort(world, code);
    },
    finish: () => void calls.finalize(),
  };
}

/** Requests that are under way, as MPI lists them. */
interface RequestList {
  /** Where the next one is written. */
  next(): Uint8Array;
  count(): number;
  requests(): Uint8Array;
  statuses(): Uint8Array;
  clear(): void;
}

function requestList(handleBytes: number): RequestList {
  let room = fewRequests;
  let requests = Buffer.alloc(room * handleBytes);
  let statuses = Buffer.alloc(room * statusBytes);
  let count = 0;
  return {
    next() {
      if (count === room) {
        room *= 2;
        const more = Buffer.alloc(room * handleBytes);
        more.set(requests);
        requests = more;
        statuses = Buffer.alloc(room * statusBytes);
      }
      return requests.subarray(count * handleBytes, ++count * handleBytes);
    },
    count: () => count,
    requests: () => requests,
    statuses: () => statuses,
    clear() {
      count = 0;
    },
  };
}

/** MPI gives 0 for success. Unless told otherwise, it ends the process itself if a call fails. */
function checked(foreign: Foreign, family: Family): Foreign {
  return (...args) => {
    const code = foreign(...args);
    if (code !== 0) throw new LockstepError('failed', `${family}: a call failed with code ${code}`);
    return code;
  };
}
