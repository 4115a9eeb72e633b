/**
 * Shapes, and the position of the element (row, column) of a matrix.
 *
 * Offsets and strides count elements (float32 in the fast kernels, float64 in the reference ones), never
 * bytes. Every matrix is padded with zeros to whole vectors, so no kernel needs a special case for odd
 * widths.
 */

/** Activations, or their gradients: row-major, one row a sample. (rows, columns) */
export interface Matrix {
  offset: number;
  columns: number;
  /** Elements from one row to the next. */
  stride: number;
}

/**
 * A weight matrix in panels of `width` columns: (panels, rows, width), the last panel padded with zeros.
 *
 * A kernel that keeps `width` sums in registers reads a panel from front to back, whatever the number of
 * columns. So the hardware prefetches, and widths that are powers of two cause no cache conflicts.
 */
export interface PanelMatrix {
  offset: number;
  rows: number;
  columns: number;
  width: number;
}

/** A vector, padded to whole panels. */
export interface Vector {
  offset: number;
  length: number;
}

/** Rows of a matrix: `first` to `first + count`. */
export interface Range {
  first: number;
  count: number;
}

/** A block of a parameter: rows of W in some or all of its panels, or elements of a vector. */
export interface Block extends Range {
  /** Absent: all of them. */
  panels?: Range | undefined;
}

/**
 * Rows and columns of a parameter as it lies in memory: all sizes but the last make the rows. So the windows
 * of a convolution (kernel height, kernel width, inputs, outputs) have a row for each number of a window.
 * Undefined: a vector.
 */
export function matrixOf(shape: readonly number[]): { rows: number; columns: number } | undefined {
  if (shape.length === 1) return undefined;
  const columns = shape.at(-1)!;
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

/** The next multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Number of panels that hold the columns. */
export function panelCount({ columns, width }: Pick<PanelMatrix, 'columns' | 'width'>): number {
  return Math.ceil(columns / width);
}

/** The panels of a block of W. */
export function panelsOf(W: Pick<PanelMatrix, 'columns' | 'width'>, { panels }: Block): Range {
  return panels ?? { first: 0, count: panelCount(W) };
}

/** Elements a panel matrix occupies, padding included. */
export function panelSize(matrix: Pick<PanelMatrix, 'rows' | 'columns' | 'width'>): number {
  return panelCount(matrix) * matrix.rows * matrix.width;
}

/** Position of W[row][column] from the start of its panel matrix. */
export function panelIndex({ rows, width }: PanelMatrix, row: number, column: number): number {
  return (Math.floor(column / width) * rows + row) * width + (column % width);
}
