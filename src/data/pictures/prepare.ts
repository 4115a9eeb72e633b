/**
 * Turns a picture into the input of a network, made like the pictures that it was trained on.
 *
 * If those are drawings, as digits are, the ink is found, whatever its size, place and colours. It is scaled
 * and placed as in them (fit.ts), and gets their levels. Other pictures are resized, and keep their colours.
 */

import { checkBytes, checkObject, checkWhole, wrongValue } from '../../foundation/check.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { longestSide } from '../check.ts';
import { clean } from './clean.ts';
import { boxOf, centreOf, fitInk, scaleOf } from './fit.ts';
import { flatten, isGrey, isTransparent } from './flatten.ts';
import { insideFrame, withoutFrame } from './frame.ts';
import { findInk } from './ink.ts';
import type { Ink, Picture, Shape } from './picture.ts';
import { shapesIn } from './pieces.ts';
import { type Drawings, edgeOf, likeMnist, median, type PictureProfile } from './profile.ts';
import { resizePixels } from './resize.ts';
import { withoutLines } from './ruled-lines.ts';
import { thicken } from './thicken.ts';

export interface Prepared {
  /** Levels as the training pictures have them, row-major. (height * width * channels) */
  pixels: Uint8Array<SharedArrayBuffer>;
  /** The picture was used unchanged: it has the shape of the training pictures and looks like them. */
  asIs: boolean;
  /** What was done to it, for people: `inverted`, `cropped`, `centred`. Empty if it was used unchanged. */
  done: string[];
  /** Why the prediction may be worth little, a line each. */
  doubts: string[];
}

/** If many pixels become one, ink fainter than this is an artefact of compression around a stroke. */
const ringing = 0.1;

/**
 * The picture as the network reads it, or undefined if all of it has one colour.
 *
 * @param profile of the training pictures; by default that of MNIST's digits
 */
export function prepareImage(
  picture: Picture,
  field: Shape,
  profile: PictureProfile = likeMnist(field),
): Prepared | undefined {
  checkPicture(picture);
  checkShape('field', field);
  const [height, width] = profile.shape;
  if (height !== field.height || width !== field.width) {
    throw wrongValue('profile.shape', `${field.height} x ${field.width}`, profile.shape);
  }
  const { drawings } = profile;
  return drawings ? prepareDrawing(picture, profile, drawings) : preparePhoto(picture, profile);
}

function prepareDrawing(picture: Picture, profile: PictureProfile, drawings: Drawings): Prepared | undefined {
  const [height, width] = profile.shape;
  const field = { height, width };
  const ready = alreadyFits(picture, field, profile, drawings);
  if (ready) return { pixels: ready.pixels, asIs: true, done: [], doubts: doubtsOf(ready.ink, drawings) };
  const done: string[] = [];
  const inside = insideFrame(picture);
  if (inside) done.push('frame removed');
  const found = findInk(inside ?? picture);
  if (!found) return undefined;
  let ink = clean(found, 0);
  if (scaleOf(boxOf(ink), field, drawings.box) > 2) ink = clean(found, ringing);
  const unlined = withoutLines(ink);
  if (unlined) done.push('ruled line removed');
  ink = unlined ?? ink;
  const unframed = withoutFrame(ink);
  if (unframed && !inside) done.push('frame removed');
  ink = unframed ?? ink;
  if (found.dark !== drawings.ink < drawings.paper) done.push('inverted');
  const doubts = doubtsOf(ink, drawings);
  const scale = scaleOf(boxOf(ink), field, drawings.box);
  if (drawings.stroke > 0) {
    const thick = thicken(ink, scale, drawings.stroke);
    if (thick !== ink) done.push('strokes thickened');
    ink = thick;
  }
  done.push('cropped', 'centred');
  return { pixels: levelsOf(fitInk(ink, field, drawings), drawings), asIs: false, done, doubts };
}

/** What in the ink is unlike the training pictures. */
function doubtsOf(ink: Ink, drawings: Drawings): string[] {
  const shapes = shapesIn(ink);
  const usual = drawings.several > 0.05;
  if (shapes > 1 && !usual) {
    return [`${shapes} separate shapes, where a training picture has one: taken as one; cut them apart`];
  }
  const { height, width } = boxOf(ink);
  if (width / height > 1.25 * drawings.widest) {
    const times = (width / height).toFixed(1);
    return [`${times} times as wide as high, wider than the training pictures: is it more than one shape?`];
  }
  return [];
}

function preparePhoto(picture: Picture, { shape, range }: PictureProfile): Prepared | undefined {
  const [height, width, channels] = shape;
  const flat = flatten(picture, channels === 1 ? 1 : 3);
  if (flat.every((level) => level === flat[0])) return undefined;
  const done: string[] = [];
  if (isTransparent(picture)) done.push('laid over white');
  if (channels === 1 && !isGrey(picture)) done.push('turned to grey');
  const pixels = new Uint8Array(allocateShared(height * width * channels));
  if (picture.height === height && picture.width === width) pixels.set(flat);
  else {
    resizePixels(flat, picture, pixels, { height, width }, channels);
    done.push(`resized to ${height} x ${width}`);
  }
  const most = range[1];
  if (most < 128 && pixels.some((level) => level > most)) {
    for (const [i, level] of pixels.entries()) pixels[i] = Math.round((level * most) / 255);
    done.push(`levels scaled to 0-${most}`);
  }
  return { pixels, asIs: done.length === 0, done, doubts: [] };
}

function checkShape(label: string, shape: Shape): void {
  const { height, width } = checkObject(label, shape, 'an object with height and width');
  checkWhole(`${label}.height`, height, 1, longestSide);
  checkWhole(`${label}.width`, width, 1, longestSide);
}

function checkPicture(picture: Picture): void {
  checkShape('picture', picture);
  const { height, width, rgba } = picture;
  const size = 4 * height * width;
  if (checkBytes('picture.rgba', rgba).length === size) return;
  throw wrongValue('picture.rgba', `${size} bytes, four for each pixel`, rgba.length);
}

/**
 * The levels of an opaque picture of the right shape that looks like the training pictures: its paper has
 * their level, its ink is on the same side and within their range, as large and as central as theirs. And its
 * ink.
 */
function alreadyFits(
  picture: Picture,
  field: Shape,
  { range: [least, most] }: PictureProfile,
  { paper, ink, box, stroke }: Drawings,
): { pixels: Uint8Array<SharedArrayBuffer>; ink: Ink } | undefined {
  if (picture.height !== field.height || picture.width !== field.width) return undefined;
  if (isTransparent(picture)) return undefined;
  const pixels = new Uint8Array(allocateShared(field.height * field.width));
  pixels.set(flatten(picture, 1));
  const contrast = Math.abs(ink - paper);
  const sign = ink > paper ? 1 : -1;
  if (Math.abs(median(edgeOf(pixels, field)) - paper) > 0.12 * contrast) return undefined;
  if (pixels.some((level) => level < least || level > most)) return undefined;
  const values = Float32Array.from(pixels, (level) => Math.max(0, sign * (level - paper)));
  if (values.reduce((a, b) => Math.max(a, b), 0) < 0.5 * contrast) return undefined;
  const strong = { ...field, values: values.map((value) => (value > 0.12 * contrast ? value : 0)) };
  const ready = { pixels, ink: strong };
  if (stroke === 0) return ready;
  const { height, width } = boxOf(strong);
  const share = Math.max(height / field.height, width / field.width) / box;
  const { y, x } = centreOf(strong);
  const off = Math.max(Math.abs(y / field.height - 0.5), Math.abs(x / field.width - 0.5));
  return share > 0.6 && share < 1.25 && off < 0.15 ? ready : undefined;
}

/**
 * Ink as levels between paper and ink of the training pictures. Where it is thickest, it has the ink's level.
 */
function levelsOf({ values }: Ink, { paper, ink }: Drawings): Uint8Array<SharedArrayBuffer> {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const pixels = new Uint8Array(allocateShared(values.length));
  for (const [i, value] of values.entries()) pixels[i] = Math.round(paper + ((ink - paper) * value) / most);
  return pixels;
}
