/**
 * The words by which the threads of a rank ask for an exchange, and by which whoever has the connection to
 * the other ranks answers: a thread with MPI, or for tests a hub that several ranks share.
 *
 * One request at a time: the threads that train make theirs within a step, and the main thread its own
 * between two commands.
 */
import { LockstepError } from '../foundation/errors.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import { Abandoned } from '../sync/barrier.ts';
import { type Control, words as controlWords } from '../sync/control.ts';
import type { Exchange, Parcel, Rank } from './exchange.ts';

/** Indices of Int32 words. */
const words = {
  /** Number of the newest request. Whoever serves waits for it to grow. */
  request: 0,
  /** Number of the newest request that is done. */
  done: 1,
  /** What is asked for: one of `requests`. */
  kind: 2,
  /** trade: how many orders. gather: bytes of the text. */
  count: 3,
  /** Not 0: the other ranks cannot be reached any more. */
  broken: 4,
  /** The number of ranks. */
  ranks: 5,
  /** Not 0: all ranks are to be ended with this exit code, less 1. */
  quit: 6,
} as const;

/** Where the orders begin: each is the other rank, `sends` or `gets`, first element, number of elements. */
const head = 16;
const orderWords = 4;
/** The most orders of a trade. */
const mostOrders = 65_536;
const [sends, gets] = [0, 1];
/** Where texts begin, in words: that of this rank, then those of all. */
const textStart = head + mostOrders * orderWords;
/** Bytes of a text. */
export const mostText = 16_384;

const requests = { trade: 1, gather: 2, memory: 3, leave: 4 } as const;

/** A part of a trade, as one rank sees it. */
export interface Order {
  peer: number;
  sends: boolean;
  first: number;
  count: number;
}

/** What a rank asks whoever serves it. */
export type Request =
  | { kind: 'trade'; orders: Order[] }
  /** Every rank's text is to be given to all ranks. */
  | { kind: 'gather'; text: Uint8Array; all: Uint8Array }
  /** The memory that is traded from now on comes as a message. */
  | { kind: 'memory' }
  | { kind: 'leave' };

export function createLine(ranks: number): SharedArrayBuffer {
  const line = allocateShared(textStart * 4 + mostText * (1 + ranks));
  new Int32Array(line)[words.ranks] = ranks;
  return line;
}

/** Milliseconds after which a thread that waits looks whether another one was lost. */
const patience = 500;
/** Turns of a loop, some 50 µs: many exchanges are done by then. */
const spins = 10_000;

/** The exchange of a thread that trains. */
export function exchangeOver(line: SharedArrayBuffer, rank: Rank, { words: c }: Control): Exchange {
  const w = new Int32Array(line);
  return {
    ...rank,
    begin(parcels) {
      writeOrders(w, rank, parcels);
      ask(w, 'trade');
    },
    end() {
      const number = Atomics.load(w, words.request);
      for (let turn = 0; turn < spins && Atomics.load(w, words.done) !== number; turn++);
      for (let done = Atomics.load(w, words.done); done !== number; done = Atomics.load(w, words.done)) {
        if (Atomics.load(c, controlWords.abort) !== 0) throw new Abandoned();
        refuseBroken(w);
        Atomics.wait(w, words.done, done, patience);
        Atomics.add(c, controlWords.waiting, 1);
      }
      refuseBroken(w);
    },
  };
}

function writeOrders(w: Int32Array, { index }: Rank, parcels: readonly Parcel[]): void {
  let orders = 0;
  for (const { from, to, first, count } of parcels) {
    if (from !== index && to !== index) continue;
    if (orders === mostOrders) throw new RangeError(`a trade: expected at most ${mostOrders} parcels`);
    const at = head + orders++ * orderWords;
    w[at] = from === index ? to : from;
    w[at + 1] = from === index ? sends : gets;
    w[at + 2] = first;
    w[at + 3] = count;
  }
  w[words.count] = orders;
}

/** Makes a request, and returns its number. */
function ask(w: Int32Array, kind: keyof typeof requests): number {
  w[words.kind] = requests[kind];
  const number = (Atomics.load(w, words.request) + 1) | 0;
  Atomics.store(w, words.request, number);
  Atomics.notify(w, words.request);
  return number;
}

function refuseBroken(w: Int32Array): void {
  if (Atomics.load(w, words.broken) === 0) return;
  throw new LockstepError('failed', 'the other ranks cannot be reached any more');
}

/** Makes a request of the main thread, which does not block. */
async function askFor(w: Int32Array<SharedArrayBuffer>, kind: keyof typeof requests): Promise<void> {
  const number = ask(w, kind);
  // A promise of waitAsync alone does not keep the process alive.
  const alive = setInterval(() => {}, 1000);
  try {
    for (let done = Atomics.load(w, words.done); done !== number; done = Atomics.load(w, words.done)) {
      refuseBroken(w);
      const waiting = Atomics.waitAsync(w, words.done, done, patience);
      if (waiting.async) await waiting.value;
    }
    refuseBroken(w);
  } finally {
    clearInterval(alive);
  }
}

/**
 * Gives a text to all ranks, and gets those of all, in the order of the ranks.
 *
 * @param text at most `mostText` bytes in UTF-8; what is longer is cut
 */
export async function gatherTexts(line: SharedArrayBuffer, text: string): Promise<string[]> {
  const w = new Int32Array(line);
  const bytes = new TextEncoder().encode(text).subarray(0, mostText - 4);
  const own = new Uint8Array(line, textStart * 4, mostText);
  new DataView(line).setInt32(textStart * 4, bytes.length, true);
  own.set(bytes, 4);
  await askFor(w, 'gather');
  return Array.from({ length: w[words.ranks]! }, (_, rank) => {
    const at = textStart * 4 + mostText * (1 + rank);
    const length = new DataView(line).getInt32(at, true);
    // A decoder takes no shared memory.
    return new TextDecoder().decode(new Uint8Array(line, at + 4, length).slice());
  });
}

/** Tells whoever serves that the memory is there, as a message. */
export const attachMemory = (line: SharedArrayBuffer): Promise<void> =>
  askFor(new Int32Array(line), 'memory');

/** Tells whoever serves that nothing more comes. All ranks have to. */
export const leaveLine = (line: SharedArrayBuffer): Promise<void> => askFor(new Int32Array(line), 'leave');

/** Tells whoever serves to end all ranks, whatever they do. */
export function quitLine(line: SharedArrayBuffer, exitCode: number): void {
  const w = new Int32Array(line);
  Atomics.store(w, words.quit, exitCode + 1);
  Atomics.notify(w, words.request);
}

/** The other end: who serves. */
export interface Server {
  /** The next request, or undefined if there is none yet; waits for so many milliseconds, 0: not at all. */
  next(wait: number): Request | undefined;
  /** The same without blocking: resolves when there may be one. */
  ready(): Promise<void>;
  /** The request is done. */
  answer(): void;
  /** The exit code with which all ranks are to be ended at once, if they are. */
  quits(): number | undefined;
  /** The other ranks are gone: whatever is asked for now fails. */
  break(): void;
}

export function serveLine(line: SharedArrayBuffer): Server {
  const w = new Int32Array(line);
  const read = (): Request => {
    switch (w[words.kind]) {
      case requests.trade:
        return { kind: 'trade', orders: readOrders(w) };
      case requests.gather:
        return {
          kind: 'gather',
          text: new Uint8Array(line, textStart * 4, mostText),
          all: new Uint8Array(line, textStart * 4 + mostText),
        };
      case requests.memory:
        return { kind: 'memory' };
      default:
        return { kind: 'leave' };
    }
  };
  const isOpen = () => Atomics.load(w, words.request) !== Atomics.load(w, words.done);
  return {
    next(wait) {
      if (!isOpen() && wait > 0) Atomics.wait(w, words.request, Atomics.load(w, words.done), wait);
      return isOpen() ? read() : undefined;
    },
    async ready() {
      if (isOpen()) return;
      const waiting = Atomics.waitAsync(w, words.request, Atomics.load(w, words.done), patience);
      if (waiting.async) await waiting.value;
    },
    answer() {
      Atomics.store(w, words.done, Atomics.load(w, words.request));
      Atomics.notify(w, words.done);
    },
    quits() {
      const quit = Atomics.load(w, words.quit);
      return quit === 0 ? undefined : quit - 1;
    },
    break() {
      Atomics.store(w, words.broken, 1);
      Atomics.notify(w, words.done);
    },
  };
}

function readOrders(w: Int32Array): Order[] {
  return Array.from({ length: w[words.count]! }, (_, order) => {
    const at = head + order * orderWords;
    return { peer: w[at]!, sends: w[at + 1] === sends, first: w[at + 2]!, count: w[at + 3]! };
  });
}
