/** What layers that look at images through a window share: its settings, and where it lies. */
import type { ImageShape, Pair, Window } from '../foundation/window.ts';
import { type LayerInput, misfit } from './layer.ts';

/** The largest window, step or margin. The values of a layer must also fit the memory of the kernels. */
const most = 4096;

/** A number for lines and columns, or [vertical, horizontal]. */
const pair = <const Minimum extends number>(minimum: Minimum) =>
  [
    { type: 'integer', minimum, maximum: most },
    {
      type: 'array',
      items: { type: 'integer', minimum, maximum: most },
      minItems: 2,
      maxItems: 2,
    },
  ] as const;

/** Lines and columns: `3`, or `[3, 5]`. */
export const pairOfAtLeastOne = pair(1);

export const paddingField = {
  anyOf: [{ enum: ['same', 'valid'] }, ...pair(0)],
  default: 'valid',
  description:
    'Lines and columns around the image that are not there: so many on each side, `valid` for none, or ' +
    '`same` for an output of input / stride, rounded up, where a surplus one lies behind.',
} as const;

export type Padding = 'same' | 'valid' | number | Pair;

export interface WindowSettings {
  kernel: number | Pair;
  stride: number | Pair;
  padding: Padding;
  dilation?: number | Pair;
  groups?: number;
}

const pairOf = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value);

/** `5 x 5`, or `28 x 28 x 1`. */
const sizes = (...numbers: readonly number[]) => numbers.join(' x ');

/** An image as people read it: `28 x 28 x 1`, channels last. */
export const shapeText = ({ height, width, channels }: ImageShape) => sizes(height, width, channels);

/** The shape of x, of a layer that needs one. */
export function imageOf(input: LayerInput, kind: string): ImageShape {
  if (input.shape) return input.shape;
  throw misfit('', {
    expected: `an image (height, width, channels) as the input of ${kind}`,
    got: `${input.inputs} numbers without a shape`,
    hint: 'pictures have a shape, as long as no dense or flatten layer comes between; tables have none',
  });
}

/**
 * The window over an image.
 *
 * `same` pads so much that the output has input / stride places, rounded up, half of it before the image. An
 * odd one lies behind, as in TensorFlow. PyTorch has `same` for stride 1 only, where both agree; what people
 * write there with a stride, padding (kernel - 1) / 2 on each side, is that number here.
 *
 * @param setting what the size of the window is called, for messages
 * @throws LockstepError if no window fits
 */
export function windowOf(
  input: ImageShape,
  channels: number,
  { kernel, stride, padding, dilation = 1, groups = 1 }: WindowSettings,
  setting: string,
): Window {
  const [size, step, gap] = [pairOf(kernel), pairOf(stride), pairOf(dilation)];
  const along = (axis: 0 | 1, length: number): { before: number; output: number } => {
    const reach = (size[axis] - 1) * gap[axis] + 1;
    if (padding === 'same') {
      const output = Math.ceil(length / step[axis]);
      const surplus = Math.max(0, (output - 1) * step[axis] + reach - length);
      return { before: Math.floor(surplus / 2), output };
    }
    const before = padding === 'valid' ? 0 : pairOf(padding)[axis];
    return { before, output: Math.floor((length + 2 * before - reach) / step[axis]) + 1 };
  };
  const [lines, columns] = [along(0, input.height), along(1, input.width)];
  if (lines.output < 1 || columns.output < 1) {
    const [tall, wide] = [input.height + 2 * lines.before, input.width + 2 * columns.before];
    const padded = lines.before + columns.before > 0 ? ' with its padding' : '';
    const spread = gap[0] > 1 || gap[1] > 1 ? `, which spreads over ${reachText(size, gap)}` : '';
    throw misfit(setting, {
      expected: `at most ${sizes(tall, wide)}, the size of the input${padded}`,
      got: sizes(...size) + spread,
    });
  }
  return {
    input,
    output: { height: lines.output, width: columns.output, channels },
    kernel: size,
    stride: step,
    dilation: gap,
    before: [lines.before, columns.before],
    groups,
  };
}

const reachText = (size: Pair, gap: Pair) => sizes((size[0] - 1) * gap[0] + 1, (size[1] - 1) * gap[1] + 1);

/** The window of a pool, which sees at least one place wherever it lies. */
export function poolOf(
  input: ImageShape,
  { size, stride, padding }: { size: number | Pair; stride: number | Pair | 'size'; padding: Padding },
): Window {
  const step = stride === 'size' ? size : stride;
  const window = windowOf(input, input.channels, { kernel: size, stride: step, padding }, 'size');
  const { kernel, before } = window;
  if (before[0] < kernel[0] && before[1] < kernel[1]) return window;
  throw misfit('padding', {
    expected: `less than the size, ${sizes(...kernel)}, so that each window sees a number`,
    got: sizes(...before),
  });
}
