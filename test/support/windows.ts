import type { ImageShape, Pair, Window } from '#lockstep/foundation/window.js';

/** A window as a few numbers; what is left out is 1, and padding 0. */
export interface Shape {
  /** Height, width and channels of the input. */
  input: [height: number, width: number, channels: number];
  /** Channels of the output, by default those of the input. */
  channels?: number;
  kernel: Pair;
  stride?: Pair;
  dilation?: Pair;
  /** Padding above and left, and below and right. */
  before?: Pair;
  after?: Pair;
  groups?: number;
}

/** The window with as many places of output as fit. */
export function windowOf(shape: Shape): Window {
  const { kernel, stride = [1, 1], dilation = [1, 1], before = [0, 0], after = before, groups = 1 } = shape;
  const [height, width, channels] = shape.input;
  const places = (length: number, axis: 0 | 1) => {
    const span = (kernel[axis] - 1) * dilation[axis] + 1;
    return Math.floor((length + before[axis] + after[axis] - span) / stride[axis]) + 1;
  };
  const input: ImageShape = { height, width, channels };
  const output: ImageShape = {
    height: places(height, 0),
    width: places(width, 1),
    channels: shape.channels ?? channels,
  };
  if (output.height < 1 || output.width < 1)
    throw new RangeError(`window: expected an output, got ${JSON.stringify(shape)}`);
  return { input, output, kernel, stride, dilation, before, groups };
}

/** A few words for the title of a test. */
export function titleOf({ input, channels, kernel, groups = 1, ...rest }: Shape): string {
  const { stride, dilation, before, after } = rest;
  const more = Object.entries({ stride, dilation, before, after })
    .filter(([, pair]) => pair)
    .map(([name, pair]) => `, ${name} ${pair!.join(' x ')}`)
    .join('');
  const by = channels === undefined ? '' : ` -> ${channels}`;
  const grouped = groups > 1 ? `, ${groups} groups` : '';
  return `${input.join(' x ')}${by}, kernel ${kernel.join(' x ')}${more}${grouped}`;
}
