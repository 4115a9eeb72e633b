/**
 * The kinds of phases that a step is made of before its parameters are updated: what a block is, and how many
 * there are.
 */

import { type Range, roundUp } from '../foundation/shapes.ts';
import { listedRows } from '../kernels/image-lists.ts';
import { part } from '../model/partition.ts';
import { mostBlocks } from '../sync/barrier.ts';

/** One phase of a step: its blocks can be done in any order, by anyone. */
export interface Phase {
  name: 'rows' | 'columns' | 'statistics' | 'parameters';
  /** Prepares this thread for the phase, and says how many blocks it has in the step at hand. */
  begin(): number;
  run(block: number): void;
}

export type RowWork = (rows: Range, batch: Range) => void;
export interface StatisticsWork {
  features: number;
  /** Numbers of a feature in each row: of a channel several. */
  places: number;
  run(features: Range): void;
}
export interface ColumnsWork {
  /** Brings the samples of some rows to where the columns read them. */
  gather?(rows: Range): void;
  /** Of each layer: how many parts its columns have, and what is done for some of them. */
  columns: { parts: number; run: Parts }[];
}
/** The rows of a minibatch: those that this process has, all of them, and how many it has at most. */
export interface SharedRows {
  rows: Range;
  batch: Range;
  most: number;
}
/** Works on some parts of the columns, for some rows. */
export type Parts = (parts: Range, rows: Range) => void;

export function rowsPhase(
  works: readonly RowWork[],
  { rows, batch, most }: SharedRows,
  threads: number,
): Phase {
  const blocks = rowTasks(most, threads);
  return {
    name: 'rows',
    begin: () => blocks,
    run(block) {
      const tiles = part(Math.ceil(rows.count / tileRows), blocks, block);
      const first = tiles.first * tileRows;
      const range = {
        first: rows.first + first,
        count: Math.min(tiles.count * tileRows, rows.count - first),
      };
      if (range.count <= 0) return;
      for (const work of works) work(range, batch);
    },
  };
}

/**
 * Blocks of some rows and a thread's share of the columns, forward those of the panels that it updates, see
 * `blocksOf`: about two blocks a thread, but of no fewer than sixteen rows, for which a panel comes into the
 * level-1 cache, and of no more than are listed at a time.
 */
export function columnsPhase(
  { columns, gather }: ColumnsWork,
  { rows, most }: SharedRows,
  threads: number,
): Phase {
  const shares = Math.min(threads, Math.max(...columns.map(({ parts }) => parts)));
  const wanted = threads === 1 ? 1 : Math.min(Math.ceil((2 * threads) / shares), Math.floor(most / 16));
  const pieces = Math.max(wanted, Math.ceil(most / listedRows));
  const blocks = Array.from({ length: shares * pieces }, (_, block) => () => {
    const { first, count } = part(rows.count, pieces, block % pieces);
    if (count === 0) return;
    const some = { first: rows.first + first, count };
    gather?.(some);
    for (const { parts, run } of columns) run(part(parts, shares, Math.floor(block / pieces)), some);
  });
  return { name: 'columns', begin: () => blocks.length, run: (block) => blocks[block]!() };
}

export function statisticsPhase({ features, places, run }: StatisticsWork, threads: number): Phase {
  const each = places > 1 ? channelsPerTask(features, threads) : featuresPerTask(features);
  return {
    name: 'statistics',
    begin: () => Math.ceil(features / each),
    run(block) {
      const first = block * each;
      run({ first, count: Math.min(each, features - first) });
    },
  };
}

/** Rows of a register tile of the dense products. */
const tileRows = 4;
/**
 * The most rows of a block: of twice as many, less of the activations is still in the level-1 cache for the
 * next layer.
 */
const mostRows = 32;

/**
 * How many blocks of rows a full minibatch has: the same number for each thread, of whole register tiles.
 * More threads than this have nothing to do in that phase. A thread which loses its core should hold up
 * little, hence two blocks a thread, but only of sixteen rows or more: for each block W comes from the
 * level-2 cache, and is transposed, which takes as long as the products of two rows.
 */
export function rowTasks(batchSize: number, threads: number): number {
  const each = batchSize / threads;
  const blocks = threads * Math.max(Math.ceil(each / mostRows), each >= mostRows ? 2 : 1);
  return Math.min(blocks, Math.ceil(batchSize / tileRows), mostBlocks);
}

/**
 * Features a block of statistics: a cache line of each row, or more where that would make too many blocks.
 */
function featuresPerTask(features: number): number {
  return roundUp(Math.max(16, Math.ceil(features / mostBlocks)), 16);
}

/**
 * Channels a block of statistics. There are few of them, and each has numbers in every line of the cache, so
 * that a thread which does all of its channels at once reads the rows once.
 */
function channelsPerTask(channels: number, threads: number): number {
  return roundUp(Math.ceil(channels / threads), 4);
}
