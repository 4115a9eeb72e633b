/** Blocks of parameters and of their gradients: what a thread sums and updates at a time. */

/** The gradient of a block of one parameter, summed over rows, in scratch memory. */
export interface GradientBlock {
  /** Where the block lies. */
  offset: number;
  /** False: the sums replace what is there. True: they are added to it. */
  add: boolean;
}

/** A block of a parameter, or of one of its optimizer slots: `runs` pieces of `length` elements. */
export interface Pieces {
  offset: number;
  runs: number;
  length: number;
  /** Elements from one piece to the next. */
  stride: number;
}
