/**
 * Scratch of the convolution kernels: a part of the memory map, so the same in every thread.
 *
 * A kernel copies the lines of an image that it needs with zeros around them, as many at a time as a level-2
 * cache has room for beside the rest. W as dx needs it, or the sums of a block of dW, come after that.
 */
import { roundUp } from '../foundation/shapes.ts';
import { numbersOf, placesOf, type Window } from '../foundation/window.ts';

/** Elements of the lines that are copied at a time, unless a single line needs more: 256 KiB. */
const framedElements = 65_536;
/** The same where each channel is a group, and goes through the lines by itself: of a level-1 cache. */
const depthwiseElements = 4096;
/** Places of the output that dW sums at a time: what a tile reads of them lies in a level-1 cache. */
const placesAtOnce = 400;

/** Share of dy that may be something where its zeros are skipped, see assembly/convolve-weights-sparse.ts. */
const mostSkipped = 0.35;

/** Where a kernel finds its parts of the room, and how many lines it does at a time. */
export interface RoomParts {
  /** The runs of a window. */
  table: number;
  framed: number;
  /** W as dx needs it, or what dW gathers and sums. */
  rest: number;
  /** Lines of y, of dx, and of dy for dW. */
  lines: { forward: number; backward: number; weights: number };
  /** The windows that see something; undefined where they are not listed. */
  list: number | undefined;
  /** The places where a channel of dy is not zero; undefined where zeros are not skipped. */
  entries: number | undefined;
  /** The channels of each place of dy that are not zero; undefined where zeros are not skipped. */
  lists: { entries: number; starts: number } | undefined;
  /** dx with what lies beside it, where each place of dy adds to the window that it has seen. */
  scattered: number | undefined;
  /** What dW gathers, and what it sums. */
  dyTiles: number;
  xTiles: number;
  sums: number;
  totals: number;
  end: number;
}

/** Elements of scratch that a thread needs for one call of a convolution over this window. */
export function convolutionRoom(window: Window): number {
  return roomParts(window, 0).end;
}

/** The parts of the room at `room`. */
export function roomParts(window: Window, room: number): RoomParts {
  const { input, output, kernel, groups } = window;
  const taps = kernel[0] * kernel[1];
  const depthwise = groups > 1 && groups === input.channels && groups === output.channels;
  const limit = depthwise ? depthwiseElements : framedElements;
  const forward = most(output.height, 1, limit, (count) => seenByLines(window, count));
  const few = Math.max(1, Math.floor(placesAtOnce / output.width));
  const listed = isListed(window);
  const weights = balanced(output.height, Math.min(few, forward));
  const lines = {
    forward: listed ? weights : forward,
    backward: most(input.height, window.stride[0], limit, (count) => seeingLines(window, count)),
    weights,
  };
  const framedSize = Math.max(
    seenByLines(window, lines.forward),
    seenByLines(window, lines.weights),
    seeingLines(window, lines.backward),
  );
  const inputs = input.channels / groups;
  const scatters = scattersBackward(window);
  const skipping = scatters || skipsZerosBackward(window);
  const packed = Math.max(
    groups * roundUp(inputs, skipping && !scatters ? 32 : 8) * taps * (output.channels / groups),
    scatters ? kernel[0] * roundUp(kernel[1] * inputs, 32) * output.channels : 0,
  );
  const places = lines.weights * output.width;
  const widened = roundUp(output.channels, 8);
  const slots = widened / 8 + (depthwise ? 0 : groups - 1);
  const sparse = skipsZeros(window);
  // Chunks end with the runs of a window and with a block.
  const chunks = Math.ceil((taps * inputs) / 32) + taps + 1;
  const sumsSize = Math.max(
    roundUp(taps * inputs, 4) * slots * 8,
    sparse ? chunks * 32 * output.channels : 0,
  );

  const table = room;
  const framed = table + roundUp(taps, 16);
  // Vectors and chunks may be read beyond the last number.
  const rest = framed + roundUp(framedSize, 16) + 32;
  const list = listed ? rest : undefined;
  const entries = sparse ? rest : undefined;
  // An entry is written before it is known to be one.
  const dyTiles = rest + (listed || sparse ? roundUp(2 * places + 2, 16) : 0);
  const xTiles = dyTiles + places * widened;
  const sums = xTiles + 8 * places;
  const totals = sums + sumsSize;
  const starts = rest + roundUp(packed, 16);
  const listsOfPlaces = starts + roundUp(placesOf(output) + 1, 16);
  // Two elements an entry, and one entry that is written before it is known to be one.
  const entriesSize = roundUp(2 * Math.floor(numbersOf(output) * mostSkipped) + 2, 16);
  const afterLists = listsOfPlaces + entriesSize;
  const scattered = scatters ? afterLists : undefined;
  const endBackward = scatters ? afterLists + scatteredSize(window) : skipping ? afterLists : starts;
  const lists = skipping ? { entries: listsOfPlaces, starts } : undefined;
  const end = Math.max(endBackward, totals + sumsSize);
  return { table, framed, rest, lines, list, entries, lists, scattered, dyTiles, xTiles, sums, totals, end };
}

/**
 * Whether windows that see nothing but zeros are left out: of images with one channel, as a first layer sees
 * them, where a line has at most as many columns as a word has bits.
 */
function isListed(window: Window): boolean {
  const { input, output, kernel } = window;
  return input.channels === 1 && kernel[0] * kernel[1] > 1 && spanOf(window, 1, output.width) <= 64;
}

/**
 * Whether dW may skip the zeros of dy: where the runs of a window are whole chunks of 32 numbers, or nearly
 * so. See assembly/convolve-weights-sparse.ts.
 */
function skipsZeros({ input, kernel, dilation, groups }: Window): boolean {
  const run = (dilation[1] === 1 ? kernel[1] : 1) * input.channels;
  return groups === 1 && input.channels > 1 && run / roundUp(run, 32) > 0.7;
}

/**
 * The same for dx: where the inputs are whole chunks, and the lists of all places come into a level-2
 * cache.
 */
function skipsZerosBackward({ input, output, groups }: Window): boolean {
  const fits = numbersOf(output) <= 131_072;
  return groups === 1 && fits && input.channels / roundUp(input.channels, 32) > 0.7;
}

/**
 * Whether each place of dy adds to the window that it has seen, where its zeros are skipped: where the inputs
 * are no whole chunks, but a line of a window is, and dx with what lies beside it comes into a level-2 cache.
 * See assembly/convolve-backward-scatter.ts.
 */
function scattersBackward(window: Window): boolean {
  const { output, dilation } = window;
  const fits = Math.max(scatteredSize(window), numbersOf(output)) <= framedElements;
  return fits && dilation[1] === 1 && skipsZeros(window) && !skipsZerosBackward(window);
}

/** Elements of all that the windows see and of the image, and a chunk more. */
function scatteredSize(window: Window): number {
  const { input, output, before } = window;
  const lines = Math.max(spanOf(window, 0, output.height), before[0] + input.height);
  const columns = Math.max(spanOf(window, 1, output.width), before[1] + input.width);
  return roundUp(lines * columns * input.channels + 32, 16);
}

/** Elements of x, padding included, that so many lines of y see. */
function seenByLines(window: Window, lines: number): number {
  const { input, output } = window;
  return spanOf(window, 0, lines) * spanOf(window, 1, output.width) * input.channels;
}

/** Lines or columns that `count` windows span. */
function spanOf({ kernel, stride, dilation }: Window, axis: 0 | 1, count: number): number {
  return (count - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
}

/** Elements of dy, also beside it, that see so many lines of x, from a multiple of the stride on. */
function seeingLines({ input, output, kernel, stride, dilation, before }: Window, lines: number): number {
  const span = (count: number, axis: 0 | 1) =>
    Math.floor((count - 1 + before[axis]) / stride[axis]) -
    Math.ceil((before[axis] - (kernel[axis] - 1) * dilation[axis]) / stride[axis]) +
    1;
  return span(lines, 0) * span(input.width, 1) * output.channels;
}

/** The most of `all` lines, a multiple of `step`, that need no more elements than `limit`. */
function most(all: number, step: number, limit: number, sizeOf: (lines: number) => number): number {
  let lines = roundUp(all, step);
  while (lines > step && sizeOf(lines) > limit) lines -= step;
  return lines;
}

/** So many lines at a time that all times are about the same. */
function balanced(all: number, most: number): number {
  return Math.ceil(all / Math.ceil(all / most));
}
