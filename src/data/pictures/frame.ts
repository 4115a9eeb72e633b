/**
 * A frame around a drawing: the edge of a box in a form, a dark rim of a scan. It is no ink, and no paper.
 */
import { flatten } from './flatten.ts';
import type { Ink, Picture } from './picture.ts';
import { type Piece, piecesOf, without } from './pieces.ts';

/** Levels that count as one colour: the noise of a photo stays within. */
const alike = 24;
/** Levels by which a frame differs from the paper at least. */
const differs = 40;
/** A side of a frame is no thicker than this share of the picture. */
const thickest = 0.4;
/** Along some edges only, it is thinner. */
const rim = 0.06;

/**
 * The picture inside what runs along its edges: a frame around all four, which may have a margin of its own,
 * or a thin rim at some of them. Undefined if there is nothing of the kind.
 */
export function insideFrame(picture: Picture): Picture | undefined {
  const inside = insideOnce(picture);
  return inside && (insideFrame(inside) ?? inside);
}

/**
 * Without the lines at the edges that have one colour each, up to a line of another colour. Along four edges
 * they must have the same colour. Along fewer they must be thin, and the other edges are like the inside.
 */
function insideOnce(picture: Picture): Picture | undefined {
  const { height, width } = picture;
  if (Math.min(height, width) < 8) return undefined;
  const grey = flatten(picture, 1);
  const row = (y: number) => grey.subarray(y * width, (y + 1) * width);
  const column = (x: number) => Uint8Array.from({ length: height }, (_, y) => grey[y * width + x]!);
  const edges = [
    { lines: height, line: row },
    { lines: height, line: (y: number) => row(height - 1 - y) },
    { lines: width, line: column },
    { lines: width, line: (x: number) => column(width - 1 - x) },
  ];
  const sides = edges.map(({ lines, line }) => sideOf(lines, line));
  const found = sides.filter((side) => side !== undefined);
  if (found.length === 0) return undefined;
  const apart = (levels: readonly number[]) => Math.max(...levels) - Math.min(...levels);
  if (found.length === 4) {
    if (apart(found.map(({ frame }) => frame)) > 2 * alike) return undefined;
  } else {
    const thick = sides.some((side, i) => side && (side.depth > rim * edges[i]!.lines || side.share < 0.97));
    const others = edges.filter((_, i) => !sides[i]).map(({ line }) => colourOf(line(0)).level);
    if (thick || apart([...others, ...found.map(({ paper }) => paper)]) > 2 * alike) return undefined;
  }
  const [top, bottom, left, right] = sides.map((side) => side?.depth ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  return crop(picture, top, left, height - bottom, width - right);
}

/** What runs along an edge: so many lines of this level, and then one of the paper's. */
interface Side {
  depth: number;
  frame: number;
  /** The least share of a line that has the frame's level. */
  share: number;
  paper: number;
}

/** How deep a frame is at one edge, whose lines are numbered from outside. Undefined if there is none. */
function sideOf(lines: number, line: (index: number) => Uint8Array): Side | undefined {
  const frame = colourOf(line(0));
  if (frame.share < 0.9) return undefined;
  let depth = 1;
  let least = frame.share;
  for (; depth < thickest * lines; depth++) {
    const { level, share } = colourOf(line(depth));
    if (Math.abs(level - frame.level) > alike || share < 0.9) break;
    least = Math.min(least, share);
  }
  // Between frame and paper a few lines may be blurred.
  const last = Math.min(lines - 1, depth + 2 + Math.floor(0.02 * lines));
  for (let inside = depth; inside <= last; inside++) {
    const { level, share } = colourOf(line(inside));
    if (Math.abs(level - frame.level) >= differs && share >= 0.6) {
      return { depth: inside, frame: frame.level, share: least, paper: level };
    }
  }
  return undefined;
}

/** The commonest colour of a line, and the share of its pixels that are like it. */
function colourOf(line: Uint8Array): { level: number; share: number } {
  const level = Uint8Array.from(line).sort()[line.length >> 1]!;
  let like = 0;
  for (const value of line) if (Math.abs(value - level) <= alike) like++;
  return { level, share: like / line.length };
}

function crop({ width, rgba }: Picture, top: number, left: number, bottom: number, right: number): Picture {
  const out = new Uint8Array(4 * (bottom - top) * (right - left));
  for (let y = top; y < bottom; y++) {
    out.set(rgba.subarray(4 * (y * width + left), 4 * (y * width + right)), 4 * (y - top) * (right - left));
  }
  return { height: bottom - top, width: right - left, rgba: out };
}

/**
 * The ink without a frame that was drawn around it, at some distance from the edges: a piece that runs along
 * all four sides of its own box, with other ink inside. Undefined if there is none.
 */
export function withoutFrame(ink: Ink): Ink | undefined {
  const { piece, pieces } = piecesOf(ink);
  const largest = pieces.reduce((most, { mass }) => Math.max(most, mass), 0);
  const frames = new Set<number>();
  for (const [number, outer] of pieces.entries()) {
    const inner = pieces.some((one) => one !== outer && encloses(outer, one) && one.mass >= 0.05 * largest);
    if (inner && isFrame(ink, piece, number, outer)) frames.add(number);
  }
  return frames.size > 0 ? without(ink, piece, (number) => frames.has(number)) : undefined;
}

function encloses(outer: Piece, one: Piece): boolean {
  return one.top > outer.top && one.left > outer.left && one.bottom < outer.bottom && one.right < outer.right;
}

/** Whether a piece lies in a band along each side of its box, over nine tenths of the side's length. */
function isFrame({ width }: Ink, piece: Int32Array, number: number, box: Piece): boolean {
  const [tall, wide] = [box.bottom - box.top + 1, box.right - box.left + 1];
  const [deep, broad] = [Math.ceil(0.15 * tall), Math.ceil(0.15 * wide)];
  const covered = (length: number, band: number, at: (along: number, in_: number) => number) => {
    let count = 0;
    for (let along = 0; along < length; along++) {
      for (let k = 0; k < band; k++) {
        if (piece[at(along, k)] !== number) continue;
        count++;
        break;
      }
    }
    return count >= 0.9 * length;
  };
  return (
    covered(wide, deep, (x, k) => (box.top + k) * width + box.left + x) &&
    covered(wide, deep, (x, k) => (box.bottom - k) * width + box.left + x) &&
    covered(tall, broad, (y, k) => (box.top + y) * width + box.left + k) &&
    covered(tall, broad, (y, k) => (box.top + y) * width + box.right - k)
  );
}
