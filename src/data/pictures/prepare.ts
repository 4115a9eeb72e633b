/**
 * Turns a picture into the input of a network, made like the pictures that it was trained on.
 *
 * A training picture comes out as it is: so does every picture of their shape that looks like one. Others are
 * brought to their shape as `data.size` does it. If the training pictures have a clear ground, a picture on
 * another gets theirs, light turned to dark if need be. Only if they were all cut out and placed in one
 * manner, as MNIST's digits are, is the ink of others cut out and placed like that (redraw.ts).
 */

import { checkBytes, checkObject, checkWhole, wrongValue } from '../../foundation/check.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { longestSide } from '../check.ts';
import type { Drawings } from './drawings.ts';
import { flatten, isGrey, isTransparent } from './flatten.ts';
import { alike, type Looks, looksOf } from './looks.ts';
import type { Picture, Shape } from './picture.ts';
import { isBlank, likeMnist, type PictureProfile } from './profile.ts';
import { doubtsOf, redraw } from './redraw.ts';
import { resizePixels } from './resize.ts';

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

export interface PrepareOptions {
  /** Bring the picture to the shape of the network, as `data.size` does it, and change nothing else. */
  asIs?: boolean;
}

/**
 * The picture as the network reads it, or undefined if all of it has one colour, which no training picture
 * has.
 *
 * @param profile of the training pictures; by default that of MNIST's digits
 */
export function prepareImage(
  picture: Picture,
  field: Shape,
  profile: PictureProfile = likeMnist(field),
  { asIs = false }: PrepareOptions = {},
): Prepared | undefined {
  checkPicture(picture);
  checkShape('field', field);
  const [height, width] = profile.shape;
  if (height !== field.height || width !== field.width) {
    throw wrongValue('profile.shape', `${field.height} x ${field.width}`, profile.shape);
  }
  const read = readAs(picture, profile);
  if (asIs) return prepared(read);
  const { drawings, resized } = profile;
  if (!drawings)
    return isBlank(read.pixels, profile.shape[2]) && !profile.blank ? undefined : scaled(read, profile);
  if (!drawings.placed) return onGround(scaled(read, profile), field, drawings, profile.blank);
  const sameShape = picture.height === height && picture.width === width;
  if (sameShape || resized) {
    const looks = looksOf(read.pixels, field, drawings);
    if (fits(read.pixels, looks, profile, drawings)) {
      return { ...prepared(read), doubts: inkDoubts(read.pixels, field, drawings) };
    }
  }
  const redrawn = redraw(picture, field, drawings);
  return redrawn && { ...redrawn, asIs: false };
}

/** What is read of a picture, and what was done for that. */
interface Read {
  pixels: Uint8Array<SharedArrayBuffer>;
  done: string[];
}

const prepared = ({ pixels, done }: Read): Prepared => ({
  pixels,
  asIs: done.length === 0,
  done,
  doubts: [],
});

/** A picture as folders of pictures are read: laid over white, as grey or colours, in the network's shape. */
function readAs(picture: Picture, { shape: [height, width, channels] }: PictureProfile): Read {
  const flat = flatten(picture, channels === 1 ? 1 : 3);
  const done: string[] = [];
  if (isTransparent(picture)) done.push('laid over white');
  if (channels === 1 && !isGrey(picture)) done.push('turned to grey');
  const pixels = new Uint8Array(allocateShared(height * width * channels));
  if (picture.height === height && picture.width === width) pixels.set(flat);
  else {
    resizePixels(flat, picture, pixels, { height, width }, channels);
    done.push(`resized to ${height} x ${width}`);
  }
  return { pixels, done };
}

/** With the levels of the training pictures, if those are no bytes. */
function scaled({ pixels, done }: Read, { range: [, most] }: PictureProfile): Prepared {
  if (most >= 128 || !pixels.some((level) => level > most)) return prepared({ pixels, done });
  for (const [i, level] of pixels.entries()) pixels[i] = Math.round((level * most) / 255);
  return prepared({ pixels, done: [...done, `levels scaled to 0-${most}`] });
}

/**
 * On a ground that the training pictures have. Another is taken for paper, and what is farthest from it for
 * ink.
 */
function onGround(read: Prepared, field: Shape, drawings: Drawings, blank: boolean): Prepared | undefined {
  const { pixels, done } = read;
  const { ground } = looksOf(pixels, field, drawings);
  if (isBlank(pixels, 1) && !blank) return undefined;
  if (isKnown(ground, drawings) || isBlank(pixels, 1)) return read;
  let [lighter, darker, highest, lowest] = [0, 0, ground, ground];
  for (const level of pixels) {
    if (level > ground) lighter += level - ground;
    else darker += ground - level;
    if (level > highest) highest = level;
    if (level < lowest) lowest = level;
  }
  const light = lighter > darker;
  const { paper, ink } = drawings;
  const factor = (ink - paper) / ((light ? highest : lowest) - ground);
  for (const [i, level] of pixels.entries()) {
    pixels[i] = Math.max(0, Math.min(255, Math.round(paper + factor * (level - ground))));
  }
  const change = light === ink > paper ? 'ground matched' : 'inverted';
  return { ...read, asIs: false, done: [...done, change] };
}

/** Whether some training pictures have this ground. */
function isKnown(ground: number, { grounds, paper, ink }: Drawings): boolean {
  const near = alike * Math.abs(ink - paper);
  return grounds.some(([level]) => Math.abs(level - ground) <= near);
}

/** Whether a picture of the right shape looks like the training pictures. */
function fits(
  pixels: Uint8Array,
  { ground, contrast, box, off }: Looks,
  { range: [least, most], blank }: PictureProfile,
  drawings: Drawings,
): boolean {
  const { limits, stroke } = drawings;
  if (!isKnown(ground, drawings)) return false;
  if (pixels.some((level) => level < least || level > most)) return false;
  if (isBlank(pixels, 1)) return blank;
  if (contrast < limits.contrast) return false;
  if (stroke === 0) return true;
  return box >= limits.box[0] && box <= limits.box[1] && off <= limits.off;
}

/** What in a picture that is taken unchanged is unlike the training pictures. */
function inkDoubts(pixels: Uint8Array, field: Shape, drawings: Drawings): string[] {
  const { paper, ink } = drawings;
  const sign = ink > paper ? 1 : -1;
  const least = alike * Math.abs(ink - paper);
  const values = Float32Array.from(pixels, (level) => {
    const value = sign * (level - paper);
    return value > least ? value : 0;
  });
  return values.some((value) => value > 0) ? doubtsOf({ ...field, values }, drawings) : [];
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
