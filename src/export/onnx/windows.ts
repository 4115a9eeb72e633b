/**
 * Layers that look at images through windows, as nodes of an ONNX graph. Values of the graph are rows, place
 * after place, as ours; these nodes turn a row into an image with its channels first, and back.
 */
import { numbersOf, type Window } from '../../foundation/window.ts';
import type { GraphWriter } from './graph.ts';
import type { Attribute } from './messages.ts';

/** Writes y = op(x, others) over the window, and returns the name of y. */
export function writeWindows(
  graph: GraphWriter,
  { id, x, window }: { id: string; x: string; window: Window },
  op: 'Conv' | 'MaxPool' | 'AveragePool',
  others: readonly string[] = [],
): string {
  const { input, output } = window;
  const shape = (name: string, sizes: readonly number[]) => graph.integers(`${id}.${name}`, [-1, ...sizes]);
  const turn = (name: string, from: string, perm: readonly number[]) =>
    graph.node(`${id}.${name}`, 'Transpose', [from], { attributes: { perm: { ints: perm } } });
  const places = shape('input', [input.height, input.width, input.channels]);
  const image = turn('first', graph.node(`${id}.image`, 'Reshape', [x, places]), [0, 3, 1, 2]);
  const seen = graph.node(`${id}.${op.toLowerCase()}`, op, [image, ...others], {
    attributes: attributesOf(window, op),
  });
  return graph.node(id, 'Reshape', [turn('last', seen, [0, 2, 3, 1]), shape('output', [numbersOf(output)])]);
}

function attributesOf(window: Window, op: string): Record<string, Attribute> {
  const { kernel, stride, dilation, before, groups } = window;
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: stride },
    pads: { ints: [...before, behind(window, 0), behind(window, 1)] },
    ...(op === 'AveragePool' ? { count_include_pad: { i: 0 } } : { dilations: { ints: dilation } }),
    ...(op === 'Conv' ? { group: { i: groups } } : {}),
  };
}

/** Lines or columns that the last window sees behind the image. */
function behind({ input, output, kernel, stride, dilation, before }: Window, axis: 0 | 1): number {
  const [length, places] = axis === 0 ? [input.height, output.height] : [input.width, output.width];
  const end = (places - 1) * stride[axis] - before[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
  return Math.max(0, end - length);
}
