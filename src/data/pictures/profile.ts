/**
 * What pictures a network was trained on, so that a picture to predict is made like them: their levels, and,
 * if they are drawings, which is ink, how large it is drawn and where. Plain JSON, to be kept with a run.
 */
import { checkBytes, wrongValue } from '../../foundation/check.ts';
import { boxOf, centreOf } from './fit.ts';
import { groundOf, looksOf } from './looks.ts';
import type { Ink, Shape } from './picture.ts';
import { shapesIn } from './pieces.ts';
import { comeOutSame, type Manner } from './redraw.ts';
import { strokeWidth } from './thicken.ts';

/** Ink on paper. */
export interface Drawings extends Manner {
  /** All of them were cut out and placed in one manner, so others are cut out and placed like that. */
  placed: boolean;
  /** Levels that their grounds have, in ascending order, and the number of pictures with each. */
  grounds: (readonly [level: number, pictures: number])[];
  /** How one may look that is taken unchanged: as any of them does, or little else. */
  limits: {
    /** The least contrast. */
    contrast: number;
    /** The smallest and the largest box. */
    box: readonly [least: number, most: number];
    /** How far from the middle at most. */
    off: number;
  };
}

export interface PictureProfile {
  shape: readonly [height: number, width: number, channels: number];
  /** The smallest and the largest level. */
  range: readonly [least: number, most: number];
  /** Some have one colour only. */
  blank: boolean;
  /** They were brought to their shape when they were read, by `data.size`. */
  resized: boolean;
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
 * Looks at all of the pictures; at how they are drawn, in some that are spread over all of them.
 *
 * @param images bytes, picture after picture, each (height, width, channels)
 * @param how whether they were brought to their shape when they were read
 */
export function profileOf(
  images: Uint8Array,
  shape: readonly [height: number, width: number, channels: number],
  { resized = false }: { resized?: boolean } = {},
): PictureProfile {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const count = checkBytes('images', images).length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw wrongValue('images', `pictures of ${size} bytes`, images);
  }
  const all = Array.from({ length: count }, (_, i) => images.subarray(i * size, (i + 1) * size));
  const range = rangeOf(images);
  const profile = { range, blank: all.some((one) => isBlank(one, channels)), resized, drawings: null };
  const sizes = [height, width, channels] as const;
  if (channels !== 1 || range[0] === range[1]) return { shape: sizes, ...profile };
  return { shape: sizes, ...profile, drawings: drawingsOf(all, { height, width }, range) };
}

function rangeOf(images: Uint8Array): [least: number, most: number] {
  let [least, most] = [255, 0];
  for (let i = 0; i < images.length; i++) {
    const level = images[i]!;
    if (level < least) least = level;
    if (level > most) most = level;
  }
  return [least, most];
}

/** Whether all pixels have one colour. */
export function isBlank(pixels: Uint8Array, channels: number): boolean {
  for (let i = channels; i < pixels.length; i++) if (pixels[i] !== pixels[i - channels]) return false;
  return true;
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
    placed: true,
    grounds: [[0, 1]],
    limits: usualLimits(255, 20 / 28),
  };
  return { shape: [height, width, 1], range: [0, 255], blank: false, resized: false, drawings };
}

/** A picture within these is taken unchanged, whatever the training pictures are. */
const usualLimits = (contrast: number, box: number): Drawings['limits'] => ({
  contrast: 0.5 * contrast,
  box: [0.6 * box, 1.25 * box],
  off: 0.15,
});

function drawingsOf(
  all: readonly Uint8Array[],
  field: Shape,
  [least, most]: readonly [least: number, most: number],
): Drawings | null {
  const step = Math.max(1, Math.floor(all.length / enough));
  const pictures = all.filter((_, i) => i % step === 0);
  const range = most - least;
  const papers = pictures.map((picture) => groundOf(picture, field));
  const paper = median(papers);
  const near = papers.filter((level) => Math.abs(level - paper) <= samePaper.within * range).length;
  if (near < samePaper.share * pictures.length) return null;
  const noise = median(
    pictures.map((picture) => median(edgeOf(picture, field).map((level) => Math.abs(level - paper)))),
  );
  let [lighter, darker] = [0, 0];
  for (const picture of pictures) {
    for (const level of picture) {
      if (level > paper + 4 * noise) lighter += level - paper;
      else if (level < paper - 4 * noise) darker += paper - level;
    }
  }
  // Ink lies on one side of the paper.
  if (Math.min(lighter, darker) > 0.2 * Math.max(lighter, darker)) return null;
  const sign = lighter > darker ? 1 : -1;
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
  const manner: Manner = {
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
  return {
    ...manner,
    placed: comeOutSame(pictures, field, manner, [least, most]),
    ...looksOfAll(all, field, manner),
  };
}

/** How each of them looks, so that none of them is changed before it is judged. */
function looksOfAll(
  pictures: readonly Uint8Array[],
  field: Shape,
  manner: Manner,
): Pick<Drawings, 'grounds' | 'limits'> {
  const grounds = new Uint32Array(256);
  const usual = usualLimits(Math.abs(manner.ink - manner.paper), manner.box);
  let { contrast: faintest, off: farthest } = usual;
  let [smallest, largest] = usual.box;
  for (const picture of pictures) {
    const { ground, contrast, box, off } = looksOf(picture, field, manner);
    grounds[ground]!++;
    faintest = Math.min(faintest, contrast);
    farthest = Math.max(farthest, off);
    smallest = Math.min(smallest, box);
    largest = Math.max(largest, box);
  }
  return {
    grounds: [...grounds].map((count, level) => [level, count] as const).filter(([, count]) => count > 0),
    limits: { contrast: faintest, box: [smallest, largest], off: farthest },
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
function edgeOf(pixels: ArrayLike<number>, { height, width }: Shape): number[] {
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
const median = (values: readonly number[]): number => quantile(values, 0.5);

const square = (value: number) => value * value;
