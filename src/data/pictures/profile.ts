/**
 * What pictures a network was trained on, so that a picture to predict is made like them: their levels, and,
 * if they are drawings, which is ink, how large it is drawn and where. Plain JSON, to be kept with a run.
 */
import { checkBytes, wrongValue } from '../../foundation/check.ts';
import { atOnce, meanwhile, type Steps } from '../in-steps.ts';
import { type Drawings, drawingsOf, usualLimits } from './drawings.ts';
import type { Shape } from './picture.ts';

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

/** Height, width and channels. */
type Sizes = readonly [height: number, width: number, channels: number];

/**
 * Looks at all of the pictures; at how they are drawn, in some that are spread over all of them.
 *
 * @param images bytes, picture after picture, each (height, width, channels)
 * @param how whether they were brought to their shape when they were read
 */
export function profileOf(images: Uint8Array, shape: Sizes, how: { resized?: boolean } = {}): PictureProfile {
  return atOnce(profile(images, shape, how));
}

/** The same, beside other tasks. */
export function profileMeanwhile(
  images: Uint8Array,
  shape: Sizes,
  how: { resized?: boolean } = {},
): Promise<PictureProfile> {
  return meanwhile(profile(images, shape, how));
}

function* profile(
  images: Uint8Array,
  [height, width, channels]: Sizes,
  { resized = false }: { resized?: boolean },
): Steps<PictureProfile> {
  const size = height * width * channels;
  const count = checkBytes('images', images).length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw wrongValue('images', `pictures of ${size} bytes`, images);
  }
  const all = Array.from({ length: count }, (_, i) => images.subarray(i * size, (i + 1) * size));
  const range = yield* rangeOf(images);
  const blank = all.some((one) => isBlank(one, channels));
  yield;
  const isGrey = channels === 1 && range[0] < range[1];
  const drawings = isGrey ? yield* drawingsOf(all, { height, width }, range) : null;
  return { shape: [height, width, channels], range, blank, resized, drawings };
}

/** Bytes that are looked at in a step. */
const pieceBytes = 1 << 18;

function* rangeOf(images: Uint8Array): Steps<[least: number, most: number]> {
  let [least, most] = [255, 0];
  for (let first = 0; first < images.length && (least > 0 || most < 255); first += pieceBytes) {
    for (const level of images.subarray(first, first + pieceBytes)) {
      if (level < least) least = level;
      if (level > most) most = level;
    }
    yield;
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
