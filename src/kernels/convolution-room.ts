/** Scratch of the convolution kernels: a part of the memory map, so the same in every thread. */
import type { Window } from '../foundation/window.ts';

/** Elements of scratch that a thread needs for one call of a convolution over this window. */
export function convolutionRoom(_window: Window): number {
  return 0;
}
