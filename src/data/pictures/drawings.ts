/**
 * How drawings are drawn: which level is the paper and which the ink, how large they are and where, and how
 * far single ones are from that.
 */
import type { Steps } from '../in-steps.ts';
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

/** Pictures that suffice. */
const enough = 1000;
/** Nearly all pictures have the same paper, to this share of the range. */
const samePaper = { share: 0.9, within: 0.1 };
/** Strokes are thinner than this share of the box. */
const thinnest = 0.3;

/** A picture within these is taken unchanged, whatever the training pictures are. */
export const usualLimits = (contrast: number, box: number): Drawings['limits'] => ({
  contrast: 0.5 * contrast,
  box: [0.6 * box, 1.25 * box],
  off: 0.15,
});

/**
 * @param all grey pictures, each (height * width)
 * @param range the smallest and the largest level
 */
export function* drawingsOf(
  all: readonly Uint8Array[],
  field: Shape,
  range: readonly [number, number],
): Steps<Drawings | null> {
  const step = Math.max(1, Math.floor(all.length / enough));
  const pictures = all.filter((_, i) => i % step === 0);
  const found = yield* inksOf(pictures, field, range[1] - range[0]);
  if (!found) return null;
  const manner = yield* mannerOf(found, field);
  return {
    ...manner,
    placed: yield* comeOutSame(pictures, field, manner, range),
    ...(yield* looksOfAll(all, field, manner)),
  };
}

/** The ink of some pictures, and the level of their paper. */
interface Inks {
  paper: number;
  /** Ink is lighter than the paper (1), or darker (-1). */
  sign: 1 | -1;
  inks: readonly Ink[];
}

/** Undefined if the pictures are no drawings. */
function* inksOf(pictures: readonly Uint8Array[], field: Shape, range: number): Steps<Inks | undefined> {
  const papers = yield* each(pictures, (picture) => groundOf(picture, field));
  const paper = median(papers);
  const near = papers.filter((level) => Math.abs(level - paper) <= samePaper.within * range).length;
  if (near < samePaper.share * pictures.length) return undefined;
  const noise = median(
    yield* each(pictures, (picture) =>
      median(edgeOf(picture, field).map((level) => Math.abs(level - paper))),
    ),
  );
  let [lighter, darker] = [0, 0];
  yield* each(pictures, (picture) => {
    for (const level of picture) {
      if (level > paper + 4 * noise) lighter += level - paper;
      else if (level < paper - 4 * noise) darker += paper - level;
    }
  });
  // Ink lies on one side of the paper.
  if (Math.min(lighter, darker) > 0.2 * Math.max(lighter, darker)) return undefined;
  const sign = lighter > darker ? 1 : -1;
  const all = yield* each(
    pictures,
    (picture): Ink => ({
      ...field,
      values: inkOf(picture, paper, sign, 4 * noise),
    }),
  );
  const inks = all.filter(({ values }) => values.some((value) => value > 0));
  return inks.length === 0 ? undefined : { paper, sign, inks };
}

function* mannerOf({ paper, sign, inks }: Inks, field: Shape): Steps<Manner> {
  const boxes = yield* each(inks, boxOf);
  const box = median(boxes.map((one) => Math.max(one.height / field.height, one.width / field.width)));
  const stroke = median(yield* each(inks, strokeWidth));
  const off = (middles: { y: number; x: number }[]) =>
    middles.reduce((sum, { y, x }) => sum + square(y - field.height / 2) + square(x - field.width / 2), 0);
  const masses = off(yield* each(inks, centreOf));
  const middles = off(
    boxes.map(({ top, left, height, width }) => ({ y: top + height / 2, x: left + width / 2 })),
  );
  const deepest = yield* each(inks, ({ values }) => values.reduce((a, b) => Math.max(a, b), 0));
  const several = (yield* each(inks, shapesIn)).filter((shapes) => shapes > 1).length;
  return {
    paper,
    ink: paper + sign * median(deepest),
    box,
    centring: masses <= middles ? 'mass' : 'box',
    stroke: stroke <= thinnest * box * Math.max(field.height, field.width) ? stroke : 0,
    widest: quantile(
      boxes.map(({ height, width }) => width / height),
      0.995,
    ),
    several: several / inks.length,
  };
}

/** How each of them looks, so that none of them is changed before it is judged. */
function* looksOfAll(
  pictures: readonly Uint8Array[],
  field: Shape,
  manner: Manner,
): Steps<Pick<Drawings, 'grounds' | 'limits'>> {
  const grounds = new Uint32Array(256);
  const usual = usualLimits(Math.abs(manner.ink - manner.paper), manner.box);
  let { contrast: faintest, off: farthest } = usual;
  let [smallest, largest] = usual.box;
  yield* each(pictures, (picture) => {
    const { ground, contrast, box, off } = looksOf(picture, field, manner);
    grounds[ground]!++;
    faintest = Math.min(faintest, contrast);
    farthest = Math.max(farthest, off);
    smallest = Math.min(smallest, box);
    largest = Math.max(largest, box);
  });
  return {
    grounds: [...grounds].map((count, level) => [level, count] as const).filter(([, count]) => count > 0),
    limits: { contrast: faintest, box: [smallest, largest], off: farthest },
  };
}

/** Milliseconds of a step. */
const stepTime = 1;

/** What `visit` says of each picture. */
function* each<P, T>(pictures: readonly P[], visit: (picture: P) => T): Steps<T[]> {
  const said: T[] = [];
  let begun = performance.now();
  for (const picture of pictures) {
    said.push(visit(picture));
    if (performance.now() - begun < stepTime) continue;
    yield;
    begun = performance.now();
  }
  return said;
}

/** How far each level is from the paper, on the side of the ink; 0 within the noise. */
function inkOf(picture: Uint8Array, paper: number, sign: number, noise: number): Float32Array {
  const ink = new Float32Array(picture.length);
  for (const [i, level] of picture.entries()) {
    const value = sign * (level - paper);
    if (value > noise) ink[i] = value;
  }
  return ink;
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
