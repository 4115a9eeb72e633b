/**
 * Turns a picture of a digit, whatever its size, place and colours, into the input of a network. First the
 * ink is found, then it is scaled and centred as MNIST's makers did it (fit.ts).
 */

import { checkBytes, checkObject, checkWhole, wrongValue } from '../../foundation/check.ts';
import { allocateShared } from '../../platform/shared-memory.ts';
import { longestSide } from '../check.ts';
import { clean } from './clean.ts';
import { boxOf, fitInk, scaleOf } from './fit.ts';
import { findInk } from './ink.ts';
import type { Ink, Picture, Shape } from './picture.ts';
import { thicken } from './thicken.ts';

export interface Prepared {
  /** 0 is the background, 255 full ink, row-major. (height * width) */
  pixels: Uint8Array<SharedArrayBuffer>;
  /** The picture was used unchanged: it has the shape of the network's images and is light on dark. */
  asIs: boolean;
}

/** If many pixels become one, ink fainter than this is an artefact of compression around a stroke. */
const ringing = 0.1;

/** The picture in the network's shape, or undefined if all of it has one colour. */
export function prepareImage(picture: Picture, field: Shape): Prepared | undefined {
  checkPicture(picture);
  checkShape('field', field);
  const ready = alreadyFits(picture, field);
  if (ready) return ready.some((level) => level !== ready[0]) ? { pixels: ready, asIs: true } : undefined;
  const found = findInk(picture);
  if (!found) return undefined;
  let ink = clean(found, 0);
  if (scaleOf(boxOf(ink), field) > 2) ink = clean(found, ringing);
  ink = fitInk(thicken(ink, scaleOf(boxOf(ink), field)), field);
  return { pixels: levelsOf(ink), asIs: false };
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

/** The grey levels of an opaque picture of the right shape, if its edge is darker than its middle grey. */
function alreadyFits(
  { height, width, rgba }: Picture,
  field: Shape,
): Uint8Array<SharedArrayBuffer> | undefined {
  if (height !== field.height || width !== field.width) return undefined;
  const pixels = new Uint8Array(allocateShared(height * width));
  for (let i = 0; i < pixels.length; i++) {
    const [red, green, blue, alpha] = rgba.subarray(4 * i, 4 * i + 4);
    if (alpha !== 255) return undefined;
    // Luma of ITU-R BT.601. Greys stay unchanged.
    pixels[i] = Math.round(0.299 * red! + 0.587 * green! + 0.114 * blue!);
  }
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(pixels[x]!, pixels[pixels.length - 1 - x]!);
  for (let y = 0; y < height; y++) edge.push(pixels[y * width]!, pixels[y * width + width - 1]!);
  edge.sort((a, b) => a - b);
  return edge[edge.length >> 1]! < 128 ? pixels : undefined;
}

/** Ink as bytes, scaled so that the largest is 255. */
function levelsOf({ values }: Ink): Uint8Array<SharedArrayBuffer> {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const pixels = new Uint8Array(allocateShared(values.length));
  for (const [i, value] of values.entries()) pixels[i] = Math.round((255 * value) / most);
  return pixels;
}
