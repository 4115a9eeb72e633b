/** A window as the kernels in WebAssembly read it: whole numbers at the front of a thread's scratch. */
import type { Window } from '../../../foundation/window.ts';

/** Writes the window where ../../assembly/window.ts has it. */
export function placeWindow(words: Int32Array, scratch: number, window: Window): void {
  const { input, output, kernel, stride, dilation, before } = window;
  let at = scratch / 4;
  words[at++] = input.height;
  words[at++] = input.width;
  words[at++] = input.channels;
  words[at++] = output.height;
  words[at++] = output.width;
  words[at++] = output.channels;
  words[at++] = kernel[0];
  words[at++] = kernel[1];
  words[at++] = stride[0];
  words[at++] = stride[1];
  words[at++] = dilation[0];
  words[at++] = dilation[1];
  words[at++] = before[0];
  words[at++] = before[1];
  words[at] = window.groups;
}
