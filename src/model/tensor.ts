/** A parameter in memory: how a backend lays it out, and where its elements lie. */
import {
  matrixOf,
  type PanelMatrix,
  panelIndex,
  panelSize,
  roundUp,
  type Vector,
} from '../foundation/shapes.ts';
import type { Layout } from '../kernels/layout.ts';
import { skipsZeros } from '../operands/format.ts';
import type { ParameterTensor } from './network.ts';

/** A parameter, or one of its slots, in memory. */
export type Tensor = PanelMatrix | Vector;

type Planned = Pick<ParameterTensor, 'shape' | 'format'>;

/** Columns a panel for a matrix; undefined for a vector. */
export function panelWidthOf({ format }: Planned, { panelWidth }: Layout): number | undefined {
  return format && panelWidth[skipsZeros(format) ? 'sparse' : 'dense'];
}

/** Elements of memory, padding included. */
export function tensorSize(tensor: Planned, layout: Layout): number {
  const width = panelWidthOf(tensor, layout);
  const matrix = matrixOf(tensor.shape);
  return width === undefined || !matrix
    ? roundUp(tensor.shape[0], layout.vectorStep)
    : panelSize({ ...matrix, width });
}

/** A parameter that begins at this element. */
export function tensorAt(tensor: Planned, layout: Layout, offset: number): Tensor {
  const width = panelWidthOf(tensor, layout);
  const matrix = matrixOf(tensor.shape);
  return width === undefined || !matrix ? { offset, length: tensor.shape[0] } : { offset, ...matrix, width };
}

/** Where the element (row, column) of a parameter lies; a vector is a single row. */
export function elementIndex(tensor: Tensor, row: number, column: number): number {
  return tensor.offset + ('width' in tensor ? panelIndex(tensor, row, column) : column);
}
