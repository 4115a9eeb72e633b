/**
 * How ranks, processes that train one network together, hand numbers to each other.
 *
 * Each rank has the same memory map. So what travels is named by its place alone, which is the same on both
 * sides, and every rank derives from the plan what it sends and what it gets: no shape and no offset travels.
 */

/** One rank of several. */
export interface Rank {
  /** From 0. Rank 0 writes the run and speaks. */
  index: number;
  count: number;
}

/** Elements of the one memory that a rank sends to another, which gets them at the same place. */
export interface Parcel {
  from: number;
  to: number;
  first: number;
  count: number;
}

export interface Exchange extends Rank {
  /**
   * Begins to send and to get the parcels that are from and to this rank; what concerns others is left out or
   * ignored. All ranks come here in the same order, each with its part of the same parcels. The next exchange
   * begins after the end of this one.
   */
  begin(parcels: readonly Parcel[]): void;
  /** Returns when what this rank sends may be changed, and what it gets is there. In any thread. */
  end(): void;
}

/** The parcels by which each rank gives its own spans to all others. */
export function toAll(ranks: number, spansOf: (rank: number) => readonly Span[]): Parcel[] {
  const parcels: Parcel[] = [];
  for (let from = 0; from < ranks; from++) {
    const spans = spansOf(from).filter(({ count }) => count > 0);
    for (let to = 0; to < ranks; to++) {
      if (to !== from) for (const { first, count } of spans) parcels.push({ from, to, first, count });
    }
  }
  return parcels;
}

/** Elements that lie beside each other. */
export interface Span {
  first: number;
  count: number;
}
