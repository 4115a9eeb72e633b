/**
 * Gradients that are kept until all of them are there: if their norm is limited, or ranks share them.
 *
 * They are kept in small blocks that depend on nothing but the network. Blocks of a convolution are summed
 * several at a time, because each sum lists and gathers the same, see model/window-blocks.ts.
 */
import { inCuts } from '../foundation/cuts.ts';
import { type Block, type PanelMatrix, panelCount, type Range } from '../foundation/shapes.ts';
import type { GradientBlock, Kernels } from '../kernels/kernels.ts';
import { leastWindowRows, mostWindowElements } from '../model/window-blocks.ts';

/** Sums the gradient of a block over some rows, of a cut at most. */
export type GradientSum = (block: Block, rows: Range, g: GradientBlock) => void;

/** Leaves the gradient of a block at `g`, summed over some rows. */
export type BlockSum = (block: Block, rows: Range, g: number) => void;

/** A block whose gradient is kept. */
export interface KeptWork {
  block: Block;
  sum(rows: Range, g: number): void;
  /** Where the sum is kept. */
  kept: number;
  /** The features whose gradient is summed, of a layer that reads the samples. */
  features: Range | undefined;
  /** Of a convolution: its W, and the sum of any block of it. */
  windows: { W: Pick<PanelMatrix, 'columns' | 'width'>; sum: BlockSum } | undefined;
}

/** Blocks that are summed together. */
export interface KeptSum<Work extends KeptWork> {
  features: Range | undefined;
  works: readonly Work[];
  /** Puts the sums over `rows` where `at` says, given where they are kept. */
  sum(rows: Range, at: (kept: number) => number): void;
}

/**
 * How the blocks of a parameter are summed.
 *
 * @param gradient room for what is summed together
 */
export function keptSums<Work extends KeptWork>(
  works: readonly Work[],
  { elements }: Pick<Kernels, 'elements'>,
  gradient: number,
  threads: number,
): KeptSum<Work>[] {
  const windows = works[0]?.windows;
  if (!windows) {
    return works.map((work) => ({
      features: work.features,
      works: [work],
      sum: (rows, at) => work.sum(rows, at(work.kept)),
    }));
  }
  const { W, sum } = windows;
  const panels = panelCount(W);
  const rows = works.reduce((all, { block }) => all + block.count, 0);
  const most = mostWindowElements / (panels * W.width);
  const each = Math.min(most, Math.max(leastWindowRows, rows / threads));
  return grouped(works, each).map((some) => {
    const { first } = some[0]!.block;
    const count = some.reduce((all, { block }) => all + block.count, 0);
    return {
      features: undefined,
      works: some,
      sum(rows, at) {
        sum({ first, count }, rows, gradient);
        for (const { block, kept } of some) {
          const to = at(kept);
          const size = block.count * W.width;
          for (let panel = 0; panel < panels; panel++) {
            const from = gradient + (panel * count + block.first - first) * W.width;
            elements.copyWithin(to + panel * size, from, from + size);
          }
        }
      },
    };
  });
}

/** Sums over rows: long ones are cut, and the cuts added in order. */
export function sumInCuts(gradient: GradientSum): BlockSum {
  return (block, rows, g) =>
    inCuts(rows, (cut) => gradient(block, cut, { offset: g, add: cut.first > rows.first }));
}

/** Blocks that follow each other, at most so many rows of W together, but at least one block. */
function grouped<Work extends KeptWork>(works: readonly Work[], most: number): Work[][] {
  const groups: Work[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const work of works) {
    rows += work.block.count;
    if (rows > most) {
      groups.push([]);
      rows = work.block.count;
    }
    groups.at(-1)!.push(work);
  }
  return groups;
}
