/** What windows see, place by place. */
import type { Window } from '../../../foundation/window.ts';

/** Numbers of a window, channels apart. */
export const tapsOf = ({ kernel }: Window) => kernel[0] * kernel[1];

/**
 * The place of the input that place p of the output sees through offset `tap` = ky · kernel width + kx of its
 * window; -1 if it lies outside.
 */
export function seenBy(
  { input, output, kernel, stride, dilation, before }: Window,
  p: number,
  tap: number,
): number {
  const [py, px] = [Math.floor(p / output.width), p % output.width];
  const [ky, kx] = [Math.floor(tap / kernel[1]), tap % kernel[1]];
  const line = py * stride[0] - before[0] + ky * dilation[0];
  const column = px * stride[1] - before[1] + kx * dilation[1];
  const inside = line >= 0 && line < input.height && column >= 0 && column < input.width;
  return inside ? line * input.width + column : -1;
}
