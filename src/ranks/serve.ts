/** Serves the threads of a rank with messages to the other ranks: the loop of the thread that has MPI. */
import type { Messages } from '../platform/mpi/messages.ts';
import { allocateShared } from '../platform/shared-memory.ts';
import { startHeart } from './heart.ts';
import { mostText, type Request, type Server } from './line.ts';

/** What a message is about. */
const tags = { trade: 1, text: 2, beat: 3, leave: 4 } as const;

/** Milliseconds that it sleeps while nobody asks for anything. */
const rest = 200;
/** Looks at what is under way before it sleeps between two looks, ... */
const looks = 2000;
/** ... in milliseconds: short, and longer once it has waited for long. */
const [shortNap, longNap] = [0.05, 1];
/** Looks after which it has. */
const manyLooks = 4000;

export interface Service {
  server: Server;
  messages: Messages;
  /** The bytes of the memory that is traded from now on, and of an element. */
  nextMemory(): { bytes: Uint8Array; elementBytes: number };
  /** Milliseconds of silence after which a rank counts as lost. */
  patience: number;
  /** A rank is lost. */
  lost(rank: number, silent: number): void;
}

/** Until the rank leaves. */
export function serve({ server, messages, nextMemory, patience, lost }: Service): void {
  const { rank, size } = messages;
  const heart = startHeart(
    {
      rank,
      size,
      beat: (to) => messages.beat(to, tags.beat),
      hears: (from) => messages.hears(from, tags.beat),
    },
    patience,
    lost,
  );
  const turn = () => {
    heart.turn();
    const code = server.quits();
    if (code !== undefined) messages.abort(code);
  };
  const nap = new Int32Array(allocateShared(4));
  const finish = () => {
    for (let look = 0; !messages.isDone(); look++) {
      turn();
      if (look > looks) Atomics.wait(nap, 0, 0, look > manyLooks ? longNap : shortNap);
    }
  };
  let memory: { bytes: Uint8Array; elementBytes: number } | undefined;
  const trade = ({ orders }: Request & { kind: 'trade' }) => {
    const { bytes, elementBytes } = memory!;
    for (const sends of [false, true]) {
      for (const order of orders) {
        if (order.sends !== sends) continue;
        const first = order.first * elementBytes;
        const piece = bytes.subarray(first, first + order.count * elementBytes);
        if (sends) messages.send(piece, order.peer, tags.trade);
        else messages.get(piece, order.peer, tags.trade);
      }
    }
    finish();
  };
  const gather = ({ text, all }: Request & { kind: 'gather' }) => {
    exchangeTexts(messages, text, all);
    finish();
  };
  for (;;) {
    turn();
    const request = server.next(rest);
    if (!request) continue;
    if (request.kind === 'trade') trade(request);
    else if (request.kind === 'gather') gather(request);
    else if (request.kind === 'memory') memory = nextMemory();
    else {
      // Its memory must neither move nor go before all is done.
      const word = new Uint8Array(allocateShared(size));
      for (let other = 0; other < size; other++) {
        if (other === rank) continue;
        messages.get(word.subarray(other, other + 1), other, tags.leave);
        messages.send(word.subarray(rank, rank + 1), other, tags.leave);
      }
      finish();
      word.fill(0);
      // What is on its way to nobody.
      for (let other = 0; other < size; other++) if (other !== rank) messages.hears(other, tags.beat);
      messages.finish();
      server.answer();
      return;
    }
    server.answer();
  }
}

/** Begins to give a text to all ranks and to get theirs. (size, mostText) bytes */
function exchangeTexts(messages: Messages, text: Uint8Array, all: Uint8Array): void {
  const { rank, size } = messages;
  all.set(text, rank * mostText);
  for (let other = 0; other < size; other++) {
    if (other === rank) continue;
    messages.get(all.subarray(other * mostText, (other + 1) * mostText), other, tags.text);
    messages.send(text, other, tags.text);
  }
}
