/**
 * How parameters are cut into blocks: what one thread sums the gradient of, averages and updates in one piece.
 */
import { type Block, panelCount, type Range, roundUp } from '../foundation/shapes.ts';
import { listedFeatures } from '../kernels/image-lists.ts';
import type { ParameterTensor } from './network.ts';
import { part } from './partition.ts';

/** Elements of a block of a parameter. The norm of a clipped gradient is summed block by block, so its bits depend on this number. */
const blockElements = 4096;

/** Of a weight matrix that is cut for threads: a block costs half a microsecond beside its work. */
export const mostBlockElements = 8192;

/** The same for the least: weights of dense products take four times as long as those of the input layer. */
const leastBlockElements = 1024;

/** Huge matrices have larger blocks instead of more. */
const mostTensorBlocks = 4096;

/** What blocks are cut for. */
export interface BlockUse {
  /** About four blocks for each of so many threads. */
  threads: number;
  /** The gradient of the input layer is summed from lists that are there already, not made anew for each block. */
  listed: boolean;
}

/**
 * Cuts a parameter into blocks: rows of a weight matrix in whole tiles, or elements of a vector. For itself, into blocks of about
 * `blockElements`, which do not depend on anything else. For threads, the panels of the input layer are divided into groups, one for
 * each thread, so that a thread has the columns that it also computes; the blocks of a group follow each other.
 */
export function blocksOf(tensor: ParameterTensor, use?: BlockUse): Block[] {
  const { width, shape, size, samples } = tensor;
  const [rows, columns] = shape;
  if (width === undefined) return cut(rows, blockElements);
  const panels = panelCount({ columns: columns!, width });
  // What only skips zeros that a rectifier made is cut as if it did not.
  if (!use && !samples) return cut(rows, rowsPerBlock(8, rows, roundUp(columns!, 8), blockElements));
  if (!use) return cut(rows, rowsPerBlock(16, rows, panels * width, blockElements));
  const aim = Math.max(leastBlockElements, Math.min(mostBlockElements, size / (4 * use.threads)));
  if (!samples) return cut(rows, rowsPerBlock(8, rows, panels * width, aim));
  const groups = Math.min(
    use.threads,
    panels,
    Math.ceil(mostTensorBlocks / Math.ceil(rows / listedFeatures)),
  );
  return Array.from({ length: groups }, (_, index) => {
    const group = part(panels, groups, index);
    return use.listed ? blocksOfPanels(rows, panels, group, aim) : blocksOfGroup(rows, groups, group, aim);
  }).flat();
}

/** Blocks of all panels of one of these groups. */
function blocksOfGroup(rows: number, groups: number, panels: Range, aim: number): Block[] {
  const few = rowsPerBlock(16, rows * groups, panels.count * 32, Math.max(aim, blockElements));
  return cut(rows, Math.min(few, listedFeatures)).map((range) => ({ ...range, panels }));
}

/**
 * Blocks of one panel each, or of several where that would make too many: the panel's columns of dy then stay in the level-1 cache. All
 * panels of some rows follow each other, so that lists of large minibatches, which are made for some rows at a time, are made once.
 */
function blocksOfPanels(rows: number, panels: number, group: Range, aim: number): Block[] {
  const ranges = cut(rows, aim < mostBlockElements ? listedFeatures / 2 : listedFeatures);
  const each = Math.ceil((ranges.length * panels) / mostTensorBlocks);
  return ranges.flatMap((range) =>
    cut(group.count, each).map(({ first, count }) => ({
      ...range,
      panels: { first: group.first + first, count },
    })),
  );
}

/** Rows of a block of so many columns of a matrix of so many rows, in whole tiles. */
function rowsPerBlock(tile: number, rows: number, columns: number, aim: number): number {
  const elements = Math.max(aim, (rows * columns) / mostTensorBlocks);
  return Math.max(tile, Math.floor(elements / columns / tile) * tile);
}

function cut(length: number, step: number): Range[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, block) => {
    const first = block * step;
    return { first, count: Math.min(step, length - first) };
  });
}

/** Elements of a block's gradient. */
export function blockSize({ width, shape }: ParameterTensor, { count, panels }: Block): number {
  if (width === undefined) return roundUp(count, 4);
  return count * width * (panels?.count ?? panelCount({ columns: shape[1]!, width }));
}
