/**
 * In which form the input of a product comes, and so which kernels multiply it.
 *
 * A layer proposes: its plan says that it reads x as an operand, and what its own output is like. The
 * network's plan grants each weight matrix a format. Adding 0 · w changes no sum, so a format is a choice of
 * speed, not of bits.
 */
import { roundUp } from '../foundation/shapes.ts';
import { panelLayout } from '../kernels/layout.ts';

/**
 * - `dense`: numbers, all of which are multiplied
 * - `rectified`: numbers, about half of which are zero: a rectifier made them
 * - `samples`: the samples themselves, most of whose pixels are zero: as numbers, or as lists of what is not
 */
export type Format = 'dense' | 'rectified' | 'samples';

/** Whether products of this format pass over zeros. */
export function skipsZeros(format: Format): boolean {
  return format !== 'dense';
}

/** What is known of a layer's input. */
export interface Given {
  /** It is the samples themselves. */
  samples: boolean;
  /** A rectifier made it: about half of it is zero. */
  rectified: boolean;
}

/** The format that a weight matrix with this many units gets. */
export function grantFormat({ samples, rectified }: Given, units: number): Format {
  if (samples) return 'samples';
  return rectified && worthSkipping(units) ? 'rectified' : 'dense';
}

/**
 * Whether a layer of so many units, of whose inputs half are zero, is faster if it skips them. The list of
 * what is not zero takes as long as the products with 16 columns, and sparse panels have 32.
 */
function worthSkipping(units: number): boolean {
  return units >= 64 && roundUp(units, panelLayout.panelWidth.sparse) <= 1.2 * units;
}
