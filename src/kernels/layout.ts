/**
 * How matrices lie in a backend's memory: its panel widths, strides, padding and scratch.
 *
 * A layout changes where a number lies, never its bits.
 */
import { longestSum } from '../foundation/cuts.ts';
import { roundUp } from '../foundation/shapes.ts';
import { rowListsSize } from './image-lists.ts';

/** The kernels' memory as numbers. */
export type Elements = Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>;

/** In what form the input of a product comes: `dense`, or mostly zeros, which sparse kernels skip. */
export type PanelUse = 'dense' | 'sparse';

export interface Layout {
  /** Columns a panel of a weight matrix, by how its layer multiplies. */
  readonly panelWidth: Readonly<Record<PanelUse, number>>;
  /** Vectors are padded to a multiple of this many elements. */
  readonly vectorStep: number;
  /** Elements from one row of activations to the next. */
  rowStride(columns: number): number;
  /** Elements of scratch of one thread, for layers up to this wide and blocks of so many rows of W. */
  scratch(widestLayer: number, featuresPerBlock: number): number;
}

/**
 * Columns that one entry of a list of non-zero inputs serves: a sparse kernel keeps their sums in registers.
 */
const sparsePanel = 32;
/** Columns of a register tile of the dense kernels. */
const densePanel = 8;
/** Elements of a cache line: 64 bytes. */
const line = 16;
/** Rows of numbers that affineSparse and transposedSparse list at a time, if they are short. */
const rowsListedAtOnce = 32;

/** The layout of both backends that come with Lockstep. */
export const panelLayout: Layout = {
  panelWidth: { dense: densePanel, sparse: sparsePanel },
  vectorStep: sparsePanel,
  // Whole panels and one cache line, which makes the number of lines odd. The sets of a level-1 cache are a
  // power of two, so the same columns of many rows then lie in all of its sets. If the rows were a multiple
  // of eight lines apart, they would share an eighth of the sets, and 128 rows would evict each other.
  rowStride: (columns) => roundUp(columns, sparsePanel) + line,
  scratch(widestLayer, featuresPerBlock) {
    const listsOfRows = rowListsSize(rowsListedAtOnce, widestLayer);
    const listsOfFeatures = roundUp(featuresPerBlock + 1, 4) + 2 * featuresPerBlock * longestSum;
    const bitsOfEachRow = longestSum / 2 + sparsePanel;
    const rowsOfZerosAndSums = 2 * sparsePanel;
    const packedRowsOfW = sparsePanel * roundUp(widestLayer, sparsePanel);
    const copiesOfPanels = 2 * longestSum * sparsePanel;
    const momentsOfEachRow = 2 * longestSum;
    // An image as bytes, and again with a margin, takes at most 8 bytes a level and some: less than
    // packedRowsOfW.
    return Math.max(
      rowsOfZerosAndSums + packedRowsOfW + listsOfRows,
      rowsOfZerosAndSums + copiesOfPanels + listsOfFeatures + bitsOfEachRow,
      momentsOfEachRow,
    );
  },
};
