/**
 * Several ranks in one process: what they trade is copied from memory to memory. It is what MPI does, without
 * MPI, so that tests see the whole of a training that ranks share.
 */
import { createLine, mostText, type Request, type Server, serveLine } from './line.ts';

/** The memory of a rank, as numbers. */
type Numbers = Float32Array | Float64Array;

export interface Hub {
  /** By rank. */
  lines: readonly SharedArrayBuffer[];
  /** Says where the numbers of a rank lie, before it first trades. */
  attach(rank: number, numbers: Numbers): void;
  /** Serves all ranks, until they leave. Rejects if what they ask for does not fit together. */
  served: Promise<void>;
}

export function startHub(ranks: number): Hub {
  const lines = Array.from({ length: ranks }, () => createLine(ranks));
  const servers = lines.map(serveLine);
  const memories: Numbers[] = [];
  const served = serve(servers, memories).catch((error) => {
    for (const server of servers) server.break();
    throw error;
  });
  served.catch(() => {});
  return {
    lines,
    attach(rank, numbers) {
      memories[rank] = numbers;
    },
    served,
  };
}

async function serve(servers: readonly Server[], memories: readonly Numbers[]): Promise<void> {
  for (;;) {
    const asked: Request[] = [];
    for (const server of servers) {
      let request = server.next(0);
      while (!request || request.kind === 'memory') {
        if (request) server.answer();
        else await server.ready();
        request = server.next(0);
      }
      asked.push(request);
    }
    const kinds = new Set(asked.map(({ kind }) => kind));
    if (kinds.size > 1) throw new Error(`ranks ask for different things: ${[...kinds].join(', ')}`);
    trade(asked, memories);
    gather(asked);
    for (const server of servers) server.answer();
    if (kinds.has('leave')) return;
  }
}

function trade(asked: readonly Request[], memories: readonly Numbers[]): void {
  const sent = new Map<string, number>();
  const count = (from: number, to: number, first: number, length: number, by: number) => {
    const parcel = `${first} to ${first + length} from rank ${from} to rank ${to}`;
    sent.set(parcel, (sent.get(parcel) ?? 0) + by);
  };
  for (const [rank, request] of asked.entries()) {
    if (request.kind !== 'trade') continue;
    for (const { peer, sends, first, count: length } of request.orders) {
      if (sends) count(rank, peer, first, length, 1);
      else {
        count(peer, rank, first, length, -1);
        memories[rank]!.set(memories[peer]!.subarray(first, first + length), first);
      }
    }
  }
  const odd = [...sent].find(([, times]) => times !== 0);
  if (odd) throw new Error(`${odd[1] > 0 ? 'nobody gets' : 'nobody sends'} elements ${odd[0]}`);
}

function gather(asked: readonly Request[]): void {
  for (const request of asked) {
    if (request.kind !== 'gather') continue;
    for (const [rank, other] of asked.entries()) {
      if (other.kind === 'gather') request.all.set(other.text, rank * mostText);
    }
  }
}
