import type { Block, Matrix, PanelMatrix, Range, Vector } from '../../foundation/shapes.ts';
import type { Window } from '../../foundation/window.ts';
import type { GradientBlock } from './blocks.ts';

/**
 * Convolution over images, its gradients, and sums by channel.
 *
 * x and dx (rows, input), y and dy (rows, output): a row is an image (height, width, channels), see
 * foundation/window.ts. W (kernel height · kernel width · in, out) in panels of dense products: row
 * (ky · kernel width + kx) · in + ci, where `in` are the input channels of a group; column o is an output
 * channel, and the channels of a group follow each other.
 *
 * Each sum has one order, whatever a call covers:
 *   y    starts at b[o], or at 0 if there is no b, then ky, kx, ci, each rising
 *   dx   over the places of y in reading order, and at a place over o, rising
 *   dW   of each row over the places of y in reading order; then over the rows of the call, at most
 *        `longestSum`, in order. db likewise.
 *
 * `room` is the offset of `convolutionRoom(window)` elements of scratch, see ../convolution-room.ts.
 */
export interface ConvolutionKernels {
  /** y[p, o] = b[o] + sum over ky, kx, ci of x[window of p][ky, kx, ci] W[ky, kx, ci, o]. */
  convolve(
    x: Matrix,
    W: PanelMatrix,
    b: Vector | undefined,
    y: Matrix,
    window: Window,
    rows: Range,
    room: number,
  ): void;
  /** dx[q, ci] = sum over the places p whose windows contain q, and o, of dy[p, o] W[q in p, ci, o]. */
  convolveBackward(dy: Matrix, W: PanelMatrix, dx: Matrix, window: Window, rows: Range, room: number): void;
  /**
   * g = dW of a block, summed over `rows`: for each row, sum over places p of x[window of p][k] dy[p, o].
   * The padding of a block is zero.
   */
  convolveWeights(
    x: Matrix,
    dy: Matrix,
    rows: Range,
    W: PanelMatrix,
    block: Block,
    g: GradientBlock,
    window: Window,
    room: number,
  ): void;
  /**
   * g = sums of dy by channel over places and rows, for the channels `block`; block.first a multiple of 8. As
   * far as whole vectors of 4 go beyond the channels, g is zero.
   */
  channelSums(dy: Matrix, channels: number, rows: Range, block: Range, g: GradientBlock): void;
}
