/**
 * Ranks notice that one of them is gone, or does nothing any more: each tells rank 0 twice a second that it
 * lives, and rank 0 tells each. That is a thread of its own, so a rank that computes for long still lives.
 *
 * A process that was stopped itself, with its machine, has heard nobody meanwhile. So a tick that comes late
 * counts as a short one.
 */

/** What a heart needs of the messages. */
export interface Pulse {
  rank: number;
  size: number;
  beat(to: number): void;
  /** Whether it has told since it was asked last. */
  hears(from: number): boolean;
}

/** Milliseconds from one beat to the next, and the most that one counts for. */
const tick = 500;
const longestTick = 1000;

export interface Heart {
  /** To be called often; it looks at the clock, and mostly does nothing. */
  turn(): void;
}

/**
 * @param patience milliseconds of silence after which a rank counts as lost
 * @param lost is told which, and for how many milliseconds it was silent
 */
export function startHeart(
  { rank, size, beat, hears }: Pulse,
  patience: number,
  lost: (rank: number, silent: number) => void,
  now: () => number = () => performance.now(),
): Heart {
  const others = Array.from({ length: size }, (_, other) => other).filter((other) => other !== rank);
  const peers = rank === 0 ? others : [0];
  const silent = new Map(peers.map((peer) => [peer, 0]));
  // If rank 0 is lost, one of the others speaks first, and its word ends them all, half a second later.
  const limit = patience + Math.max(0, rank - 1) * 2 * tick;
  let last = now();
  return {
    turn() {
      const time = now();
      if (time - last < tick || size === 1) return;
      const took = Math.min(time - last, longestTick);
      last = time;
      for (const peer of peers) {
        beat(peer);
        const silence = hears(peer) ? 0 : silent.get(peer)! + took;
        silent.set(peer, silence);
        if (silence >= limit) lost(peer, silence);
      }
    },
  };
}
