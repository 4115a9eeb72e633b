/**
 * What pictures a network was trained on, so that a picture to predict is made like them: their levels, and,
 * if they are drawings, which is ink, how large it is drawn and where. Plain JSON, to be kept with a run.
 */
import { checkBytes, wrongValue } from '../../foundation/check.ts';
import { boxOf, centreOf } from './fit.ts';
import type { Ink, Shape } from './picture.ts';
import { shapesIn } from './pieces.ts';
import { strokeWidth } from './thicken.ts';

/** Ink on paper. Lengths are in pixels of the network. */
export interface Drawings {
  /** Usual levels. Ink is light on dark paper if its level is the larger. */
  paper: number;
  ink: number;
  /** Usual size of the box around the ink: the larger of its shares of the height and of the width. */
  box: number;
  /** What lies in the middle of the picture: the ink's centre of mass, or the middle of its box. */
  centring: 'mass' | 'box';
  /** Usual width of strokes; 0 if the ink is not strokes but areas. */
  stroke: number;
  /** Width by height of the box, of nearly all pictures at most. */
  widest: number;
  /** Share of the pictures in which several shapes stand side by side. */
  several: number;
}

export interface PictureProfile {
  shape: readonly [height: number, width: number, channels: number];
  /** The smallest and the largest level. */
  range: readonly [least: number, most: number];
  /** Null if the pictures are no drawings in grey, as photos are. */
  drawings: Drawings | null;
}

/** Pictures that suffice. */
const enough = 1000;
/** Nearly all pictures have the same paper, to this share of the range. */
const samePaper = { share: 0.9, within: 0.1 };
/** Strokes are thinner than this share of the box. */
const thinnest = 0.3;

/**
 * Looks at some of the pictures, spread over all of them.
 *
 * @param images bytes, picture after picture, each (height, width, channels)
 */
export function profileOf(
  images: Uint8Array,
  shape: readonly [height: number, width: number, channels: number],
): PictureProfile {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const count = checkBytes('images', images).length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw wrongValue('images', `pictures of ${size} bytes`, images);
  }
  const step = Math.max(1, Math.floor(count / enough));
  const some: Uint8Array[] = [];
  for (let i = 0; i < count; i += step) some.push(images.subarray(i * size, (i + 1) * size));
  let [least, most] = [255, 0];
  for (const picture of some) {
    for (const level of picture) {
      if (level < least) least = level;
      if (level > most) most = level;
    }
  }
  const drawings = channels === 1 && most > least ? drawingsOf(some, { height, width }, most - least) : null;
  return { shape: [height, width, channels], range: [least, most], drawings };
}

/** The profile of MNIST's digits in a field of another size, for networks of which nothing is known. */
export function likeMnist({ height, width }: Shape): PictureProfile {
  const drawings: Drawings = {
    paper: 0,
    ink: 255,
    box: 20 / 28,
    centring: 'mass',
    stroke: 2.5,
    widest: Number.POSITIVE_INFINITY,
    several: 0,
  };
  return { shape: [height, width, 1], range: [0, 255], drawings };
}

function drawingsOf(pictures: readonly Uint8Array[], field: Shape, range: number): Drawings | null {
  const papers = pictures.map((picture) => median(edgeOf(picture, field)));
  const paper = median(papers);
  const near = papers.filter((level) => Math.abs(level - paper) <= samePaper.within * range).length;
  if (near < samePaper.share * pictures.length) return null;
  let [lighter, darker] = [0, 0];
  for (const picture of pictures) {
    for (const level of picture) {
      if (level > paper) lighter += level - paper;
      else darker += paper - level;
    }
  }
  // Ink lies on one side of the paper.
  if (Math.min(lighter, darker) > 0.2 * Math.max(lighter, darker)) return null;
  const sign = lighter > darker ? 1 : -1;
  const noise = median(
    pictures.map((picture) => median(edgeOf(picture, field).map((level) => Math.abs(level - paper)))),
  );
  const inks = pictures
    .map((picture): Ink => ({ ...field, values: inkOf(picture, paper, sign, 4 * noise) }))
    .filter(({ values }) => values.some((value) => value > 0));
  if (inks.length === 0) return null;
  const boxes = inks.map(boxOf);
  const box = median(boxes.map((one) => Math.max(one.height / field.height, one.width / field.width)));
  const stroke = median(inks.map(strokeWidth));
  const off = (middles: { y: number; x: number }[]) =>
    middles.reduce((sum, { y, x }) => sum + square(y - field.height / 2) + square(x - field.width / 2), 0);
  const masses = off(inks.map((ink) => centreOf(ink)));
  const middles = off(
    boxes.map(({ top, left, height, width }) => ({ y: top + height / 2, x: left + width / 2 })),
  );
  return {
    paper,
    ink: paper + sign * median(inks.map(({ values }) => values.reduce((a, b) => Math.max(a, b), 0))),
    box,
    centring: masses <= middles ? 'mass' : 'box',
    stroke: stroke <= thinnest * box * Math.max(field.height, field.width) ? stroke : 0,
    widest: quantile(
      boxes.map(({ height, width }) => width / height),
      0.995,
    ),
    several: inks.filter((ink) => shapesIn(ink) > 1).length / inks.length,
  };
}

/** How far each level is from the paper, on the side of the ink; 0 within the noise. */
function inkOf(picture: Uint8Array, paper: number, sign: number, noise: number): Float32Array {
  return Float32Array.from(picture, (level) => {
    const value = sign * (level - paper);
    return value > noise ? value : 0;
  });
}

/** The levels along the four edges of a grey picture. (2 height + 2 width) */
export function edgeOf(pixels: ArrayLike<number>, { height, width }: Shape): number[] {
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(pixels[x]!, pixels[(height - 1) * width + x]!);
  for (let y = 0; y < height; y++) edge.push(pixels[y * width]!, pixels[y * width + width - 1]!);
  return edge;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** The middle one; of an even number of values, the larger of the two in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

const square = (value: number) => value * value;
