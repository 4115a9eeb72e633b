/**
 * How parameters are divided into blocks: what one thread sums the gradient of, averages and updates in one
 * piece.
 */
import {
  type Block,
  matrixOf,
  type PanelMatrix,
  panelCount,
  type Range,
  roundUp,
} from '../foundation/shapes.ts';
import { listedFeatures } from '../kernels/image-lists.ts';
import type { Layout } from '../kernels/layout.ts';
import type { ParameterTensor } from './network.ts';
import { part } from './partition.ts';
import { panelWidthOf, tensorSize } from './tensor.ts';
import { mostWindowElements, windowBlocks } from './window-blocks.ts';

/**
 * Elements of a block of a parameter. The norm of a clipped gradient is summed block by block, so its bits
 * depend on this number.
 */
const blockElements = 4096;

/** Of a weight matrix that is divided for threads: a block costs half a microsecond beside its work. */
export const mostBlockElements = 8192;

/** The same for the least: weights of dense products take four times as long as those of the input layer. */
const leastBlockElements = 1024;

/**
 * Elements of a weight matrix from which on it is wide: a megabyte of float32, half of a level-2 cache. Its
 * products are made by rows and columns, so that a thread reads a part of W for many rows.
 */
const wideElements = 262_144;

/** The same for the most elements of a block of a wide matrix: what it reads of x and dy serves for all. */
const mostWideElements = 32_768;
/** The most columns of such a block, and the fewest rows of W: those of a tile of copies. */
const [wideColumns, leastWideRows] = [512, 32];

/** Huge matrices have larger blocks instead of more. */
const mostTensorBlocks = 4096;

/** Rows of the register tiles: of the dense products, and of those that skip the zeros of samples. */
const tileRows = { dense: 8, samples: 16 };

/** Multiplications and additions a row of the gradient's element that these sizes were measured with. */
const usualCost = 2;

/** What blocks are made for. */
export interface BlockUse {
  /** About four blocks for each of so many threads. */
  threads: number;
  /**
   * The gradient of the input layer is summed from lists that are there already, not made anew for each
   * block.
   */
  listed: boolean;
}

/** What counts of a parameter. */
export type Divided = Pick<ParameterTensor, 'shape' | 'format' | 'cost'>;

/** Whether W (rows, columns) is too large for a core's cache. */
export function isWide({ rows, columns }: Pick<PanelMatrix, 'rows' | 'columns'>): boolean {
  return rows * columns >= wideElements;
}

/** Lines of a convolution's windows, and the numbers of each. */
function linesOf({ shape, format }: Divided): { lines: number; perLine: number } | undefined {
  if (shape.length !== 4 || format === 'samples') return undefined;
  return { lines: shape[0], perLine: shape[1] * shape[2] };
}

/** Convolutions are not: their windows meet every place of a row, so what they read stays in the cache. */
function isWideTensor({ shape, format }: Divided): boolean {
  if (shape.length !== 2 || format === 'samples') return false;
  return isWide({ rows: shape[0], columns: shape[1] });
}

/**
 * Divides a parameter into blocks: rows of a weight matrix in whole tiles, or elements of a vector.
 *
 * Without a use, blocks have about `blockElements`, and do not depend on anything else. For threads, the
 * panels of the input layer are divided into groups, one for each thread, so that a thread has the columns
 * that it also computes; the blocks of a group follow each other. The dearer an element, the fewer make a
 * block.
 */
export function blocksOf(tensor: Divided, layout: Layout, use?: BlockUse): Block[] {
  const { format } = tensor;
  const { rows, columns } = matrixOf(tensor.shape) ?? { rows: tensor.shape[0], columns: 1 };
  const priced = pricesOf(tensor);
  const width = panelWidthOf(tensor, layout);
  if (width === undefined) return divide(rows, Math.max(8, 8 * Math.floor(priced(blockElements) / 8)));
  const panels = panelCount({ columns, width });
  const samples = format === 'samples';
  const tile = samples ? tileRows.samples : tileRows.dense;
  if (!use) {
    // What only skips zeros that a rectifier made is divided as if it did not.
    const usual = samples ? width : layout.panelWidth.dense;
    return divide(rows, rowsPerBlock(tile, rows, roundUp(columns, usual), priced(blockElements)));
  }
  const window = linesOf(tensor);
  if (window) return windowBlocks(window, { panels, width }, use.threads);
  const fair = tensorSize(tensor, layout) / (4 * use.threads);
  const aim = priced(Math.max(leastBlockElements, Math.min(mostBlockElements, fair)));
  if (isWideTensor(tensor)) return wideBlocks(rows, panels, width, use.threads, priced);
  if (!samples) return divide(rows, rowsPerBlock(tile, rows, panels * width, aim));
  const groups = Math.min(
    use.threads,
    panels,
    Math.ceil(mostTensorBlocks / Math.ceil(rows / listedFeatures)),
  );
  return Array.from({ length: groups }, (_, index) => {
    const group = part(panels, groups, index);
    if (use.listed) return blocksOfPanels(rows, panels, group, aim);
    return blocksOfGroup(rows, groups, group, width, Math.max(aim, priced(blockElements)));
  }).flat();
}

/**
 * Blocks of a wide matrix: of some rows and some of the panels that a thread also computes, see
 * `columnsPhase` in engine/phases.ts. Many rows share what is read of dy, and many columns what is read of x.
 */
function wideBlocks(
  rows: number,
  panels: number,
  width: number,
  threads: number,
  priced: (elements: number) => number,
): Block[] {
  const groups = Math.min(threads, panels);
  return Array.from({ length: groups }, (_, index) => {
    const group = part(panels, groups, index);
    const pieces = Math.ceil((group.count * width) / wideColumns);
    const columns = Math.ceil(group.count / pieces) * width;
    const fair = Math.max(mostBlockElements, (rows * group.count * width) / 4);
    const aim = Math.max(
      priced(Math.min(mostWideElements, fair)),
      (rows * panels * width) / mostTensorBlocks,
    );
    const each = Math.max(leastWideRows, Math.floor(aim / columns / leastWideRows) * leastWideRows);
    return divide(rows, each).flatMap((range) =>
      Array.from({ length: pieces }, (_, piece) => {
        const { first, count } = part(group.count, pieces, piece);
        return { ...range, panels: { first: group.first + first, count } };
      }),
    );
  }).flat();
}

/** How many elements cost as much as so many usual ones. */
function pricesOf({ cost = usualCost }: Divided): (elements: number) => number {
  return (elements) => (elements * usualCost) / cost;
}

/** Elements of the largest block that a parameter is ever divided into, for any use, or summed together. */
export function largestBlock(tensor: Divided, layout: Layout): number {
  // For one thread blocks are largest, but for those of wide matrices, whose columns depend on the threads.
  const uses = [undefined, { threads: 1, listed: false }, { threads: 1, listed: true }];
  const blocks = uses.flatMap((use) => blocksOf(tensor, layout, use));
  const sizes = blocks.map((block) => blockSize(tensor, layout, block));
  if (isWideTensor(tensor)) sizes.push(mostOfWide(tensorSize(tensor, layout), pricesOf(tensor)));
  if (linesOf(tensor)) sizes.push(Math.min(tensorSize(tensor, layout), mostWindowElements));
  return Math.max(...sizes);
}

/** Elements that no block of a wide matrix of so many exceeds. */
function mostOfWide(size: number, priced: (elements: number) => number): number {
  return Math.ceil(Math.max(priced(mostWideElements), size / mostTensorBlocks, leastWideRows * wideColumns));
}

/** Blocks of all panels of one of these groups. */
function blocksOfGroup(rows: number, groups: number, panels: Range, width: number, aim: number): Block[] {
  const few = rowsPerBlock(tileRows.samples, rows * groups, panels.count * width, aim);
  return divide(rows, Math.min(few, listedFeatures)).map((range) => ({ ...range, panels }));
}

/**
 * Blocks of one panel each, or of several if that would make too many: the panel's columns of dy then stay in
 * the level-1 cache. All panels of some rows follow each other, so that lists of large minibatches, which are
 * made for some rows at a time, are made once.
 */
function blocksOfPanels(rows: number, panels: number, group: Range, aim: number): Block[] {
  const ranges = divide(rows, aim < mostBlockElements ? listedFeatures / 2 : listedFeatures);
  const each = Math.ceil((ranges.length * panels) / mostTensorBlocks);
  return ranges.flatMap((range) =>
    divide(group.count, each).map(({ first, count }) => ({
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

function divide(length: number, step: number): Range[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, block) => {
    const first = block * step;
    return { first, count: Math.min(step, length - first) };
  });
}

/** Elements of a block's gradient. */
export function blockSize(tensor: Divided, layout: Layout, { count, panels }: Block): number {
  const width = panelWidthOf(tensor, layout);
  if (width === undefined) return roundUp(count, 4);
  return count * width * (panels?.count ?? panelCount({ columns: matrixOf(tensor.shape)!.columns, width }));
}
