/**
 * How the weights of a convolution are divided into blocks for threads.
 *
 * A block of dW lists, for each of its channels, the places of dy that are not zero, and gathers what its
 * rows of W have seen. All rows of W of some channels share these lists, so a block has all rows, and of the
 * channels what makes one block a thread. Beside blocks of eight rows and all channels, this takes an eighth
 * of the time for 32 -> 64 channels. Where the channels are too few, the rows are divided where a line of the
 * windows ends: what lies in a line is summed 32 numbers at a time.
 */
import { type Block, type Range, roundUp } from '../foundation/shapes.ts';
import { part } from './partition.ts';

/** Elements of a block, unless one panel of a line of the windows has more. */
export const mostWindowElements = 32_768;

/**
 * Numbers of a line that are summed together (assembly/convolve-weights-sparse.ts), and the fewest rows of W
 * of a block: what it lists and gathers costs as much as the sums of so many.
 */
export const leastWindowRows = 32;

/**
 * @param lines lines of a window
 * @param perLine numbers that a window has in a line; W has lines · perLine rows
 */
export function windowBlocks(
  { lines, perLine }: { lines: number; perLine: number },
  { panels, width }: { panels: number; width: number },
  threads: number,
): Block[] {
  const rows = lines * perLine;
  const most = Math.max(1, Math.floor(mostWindowElements / (rows * width)));
  const groups = Math.ceil(panels / Math.min(most, Math.max(1, Math.floor(panels / threads))));
  const useful = Math.min(Math.ceil(threads / groups), Math.ceil(rows / leastWindowRows));
  const pieces = Math.max(useful, Math.ceil((rows * width) / mostWindowElements));
  return Array.from({ length: groups }, (_, group) =>
    rangesOf(lines, perLine, pieces).map((range) => ({ ...range, panels: part(panels, groups, group) })),
  ).flat();
}

/** The rows of W in about so many pieces: some lines of the windows, or parts of each line. */
function rangesOf(lines: number, perLine: number, pieces: number): Range[] {
  if (pieces <= lines)
    return divided({ first: 0, count: lines * perLine }, Math.floor(lines / pieces) * perLine);
  const each = roundUp(Math.ceil(perLine / Math.ceil(pieces / lines)), leastWindowRows);
  return Array.from({ length: lines }, (_, line) =>
    divided({ first: line * perLine, count: perLine }, each),
  ).flat();
}

function divided({ first, count }: Range, each: number): Range[] {
  return Array.from({ length: Math.ceil(count / each) }, (_, piece) => ({
    first: first + piece * each,
    count: Math.min(each, count - piece * each),
  }));
}
