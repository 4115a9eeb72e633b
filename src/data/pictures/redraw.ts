/**
 * Draws what is on a picture anew, like the training pictures: the ink is found, whatever its size, place and
 * colours. It is scaled and placed as in them (fit.ts), and gets their levels.
 */
import { allocateShared } from '../../platform/shared-memory.ts';
import type { Steps } from '../in-steps.ts';
import { clean } from './clean.ts';
import { boxOf, fitInk, scaleOf } from './fit.ts';
import { insideFrame, withoutFrame } from './frame.ts';
import { halve } from './halve.ts';
import { findInk } from './ink.ts';
import type { Ink, Picture, Shape } from './picture.ts';
import { shapesIn } from './pieces.ts';
import { withoutLines } from './ruled-lines.ts';
import { thicken } from './thicken.ts';

/** How the training pictures are drawn. Lengths are in pixels of the network. */
export interface Manner {
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

export interface Redrawn {
  /** (height * width) */
  pixels: Uint8Array<SharedArrayBuffer>;
  done: string[];
  doubts: string[];
}

/** If many pixels become one, ink fainter than this is an artefact of compression around a stroke. */
const ringing = 0.1;

/** The picture in a field of another shape, or undefined if all of it has one colour. */
export function redraw(whole: Picture, field: Shape, manner: Manner): Redrawn | undefined {
  const picture = halve(whole);
  const done: string[] = [];
  const inside = insideFrame(picture);
  if (inside) done.push('frame removed');
  const found = findInk(inside ?? picture);
  if (!found) return undefined;
  let ink = clean(found, 0);
  if (scaleOf(boxOf(ink), field, manner.box) > 2) ink = clean(found, ringing);
  const unlined = withoutLines(ink);
  if (unlined) done.push('ruled line removed');
  ink = unlined ?? ink;
  const unframed = withoutFrame(ink);
  if (unframed && !inside) done.push('frame removed');
  ink = unframed ?? ink;
  if (found.dark !== manner.ink < manner.paper) done.push('inverted');
  const doubts = doubtsOf(ink, manner);
  const scale = scaleOf(boxOf(ink), field, manner.box);
  if (manner.stroke > 0) {
    const thick = thicken(ink, scale, manner.stroke);
    if (thick !== ink) done.push('strokes thickened');
    ink = thick;
  }
  done.push('cropped', 'centred');
  return { pixels: levelsOf(fitInk(ink, field, manner), manner), done, doubts };
}

/** What in the ink is unlike the training pictures. */
export function doubtsOf(ink: Ink, { several, widest }: Manner): string[] {
  const shapes = shapesIn(ink);
  const usual = several > 0.05;
  if (shapes > 1 && !usual) {
    return [`${shapes} separate shapes, where a training picture has one: taken as one; cut them apart`];
  }
  const { height, width } = boxOf(ink);
  if (width / height > 1.25 * widest) {
    const times = (width / height).toFixed(1);
    return [`${times} times as wide as high, wider than the training pictures: is it more than one shape?`];
  }
  return [];
}

/**
 * Ink as levels between paper and ink of the training pictures. Where it is thickest, it has the ink's level.
 */
function levelsOf({ values }: Ink, { paper, ink }: Manner): Uint8Array<SharedArrayBuffer> {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const pixels = new Uint8Array(allocateShared(values.length));
  for (const [i, value] of values.entries()) pixels[i] = Math.round(paper + ((ink - paper) * value) / most);
  return pixels;
}

/** Pictures that are drawn anew to see whether they come out as they were, and pixels of all of them. */
const [fewest, most, mostPixels] = [20, 200, 1_000_000];
/** They do if nearly all differ by no more than this share of what is drawn (root of the mean square). */
const same = { share: 0.9, within: 0.1 };

/**
 * Whether the training pictures themselves were cut out and placed in this manner. Then they come out as they
 * were when they are drawn anew. Other pictures must not be drawn anew: the network never saw one like that.
 *
 * @param range the smallest and the largest level of the pictures
 */
export function* comeOutSame(
  pictures: readonly Uint8Array[],
  field: Shape,
  manner: Manner,
  [lowest, highest]: readonly [number, number],
): Steps<boolean> {
  const pixels = field.height * field.width;
  const enough = Math.max(fewest, Math.min(most, Math.floor(mostPixels / pixels)));
  const step = Math.max(1, Math.floor(pictures.length / enough));
  let [looked, alike] = [0, 0];
  for (let i = 0; i < pictures.length; i += step) {
    const levels = pictures[i]!;
    // People's pictures have all levels, and so have those that are looked for ink.
    const rgba = new Uint8Array(4 * pixels).fill(255);
    for (const [at, level] of levels.entries()) {
      rgba.fill(Math.round((255 * (level - lowest)) / (highest - lowest)), 4 * at, 4 * at + 3);
    }
    const redrawn = redraw({ ...field, rgba }, field, manner);
    yield;
    if (!redrawn) continue;
    looked++;
    let [off, drawn] = [0, 0];
    for (const [at, level] of levels.entries()) {
      off += square(redrawn.pixels[at]! - level);
      drawn += square(level - manner.paper);
    }
    if (Math.sqrt(off / drawn) <= same.within) alike++;
  }
  return looked > 0 && alike >= same.share * looked;
}

const square = (value: number) => value * value;
