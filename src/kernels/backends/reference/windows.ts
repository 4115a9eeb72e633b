/** Goes through windows: the places of an output, and what each sees of the input, in reading order. */
import type { Window } from '../../../foundation/window.ts';

/** Each place p = (py, px) of the output. */
export function eachPlace({ output }: Window, visit: (place: number, py: number, px: number) => void): void {
  for (let py = 0; py < output.height; py++) {
    for (let px = 0; px < output.width; px++) visit(py * output.width + px, py, px);
  }
}

/** Each (ky, kx) of the kernel, as `tap` = ky · kernel width + kx, whose place of the input is there. */
export function eachTap(
  { input, kernel, stride, dilation, before }: Window,
  py: number,
  px: number,
  visit: (tap: number, place: number) => void,
): void {
  for (let ky = 0; ky < kernel[0]; ky++) {
    const line = py * stride[0] - before[0] + ky * dilation[0];
    if (line < 0 || line >= input.height) continue;
    for (let kx = 0; kx < kernel[1]; kx++) {
      const column = px * stride[1] - before[1] + kx * dilation[1];
      if (column >= 0 && column < input.width) visit(ky * kernel[1] + kx, line * input.width + column);
    }
  }
}
