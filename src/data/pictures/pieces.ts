/** The connected pieces of ink, corners touching. */
import type { Ink } from './picture.ts';

export interface Piece {
  /** Sum of its ink. */
  mass: number;
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** Numbers the pieces. `piece` has the number of each pixel's piece, or -1 where there is no ink. */
export function piecesOf({ height, width, values }: Ink): { piece: Int32Array; pieces: Piece[] } {
  const piece = new Int32Array(height * width).fill(-1);
  const pieces: Piece[] = [];
  const open: number[] = [];
  for (let start = 0; start < values.length; start++) {
    if (values[start]! <= 0 || piece[start] !== -1) continue;
    const found: Piece = { mass: 0, top: height, left: width, bottom: -1, right: -1 };
    const number = pieces.push(found) - 1;
    piece[start] = number;
    open.push(start);
    while (open.length > 0) {
      const at = open.pop()!;
      found.mass += values[at]!;
      const [row, column] = [Math.floor(at / width), at % width];
      found.top = Math.min(found.top, row);
      found.bottom = Math.max(found.bottom, row);
      found.left = Math.min(found.left, column);
      found.right = Math.max(found.right, column);
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (values[next]! > 0 && piece[next] === -1) {
            piece[next] = number;
            open.push(next);
          }
        }
      }
    }
  }
  return { piece, pieces };
}

/** The ink without some of its pieces. */
export function without(ink: Ink, piece: Int32Array, gone: (number: number) => boolean): Ink {
  const values = ink.values.map((value, i) => (piece[i]! >= 0 && gone(piece[i]!) ? 0 : value));
  return { ...ink, values };
}

/**
 * Number of shapes that stand side by side, or one above the other, and are alike in size: two digits are
 * two, and the dot of an i is no shape of its own. Small pieces and pieces that overlap belong to one shape.
 */
export function shapesIn(ink: Ink): number {
  const { pieces } = piecesOf(ink);
  const largest = Math.max(...pieces.map(({ mass }) => mass));
  const heavy = pieces.filter(({ mass }) => mass >= 0.2 * largest);
  const tallest = Math.max(...heavy.map((one) => one.bottom - one.top + 1));
  const beside = heavy.filter((one) => one.bottom - one.top + 1 >= 0.5 * tallest);
  const below = heavy.filter((one) => one.bottom - one.top + 1 >= 0.35 * tallest);
  const widest = Math.max(...below.map((one) => one.right - one.left + 1));
  const across = apart(beside.map(({ left, right }) => [left, right + 1] as const));
  const down = apart(
    below
      .filter((one) => one.right - one.left + 1 >= 0.5 * widest)
      .map(({ top, bottom }) => [top, bottom + 1] as const),
  );
  return Math.max(across, down);
}

/** Number of groups of spans, where spans that overlap by a fifth of the shorter one are one group. */
function apart(spans: (readonly [from: number, to: number])[]): number {
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  let groups = 0;
  let [start, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of sorted) {
    const overlap = Math.min(end, to) - from;
    if (groups > 0 && overlap > 0.2 * Math.min(end - start, to - from)) {
      end = Math.max(end, to);
      continue;
    }
    groups++;
    [start, end] = [from, to];
  }
  return groups;
}
