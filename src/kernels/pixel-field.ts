/** Where the pixels of a distorted image come from, and what changes these places. */
import { roundUp } from '../foundation/shapes.ts';
import { panelLayout } from './layout.ts';

const { vectorStep } = panelLayout;

/** Pixels of an image. */
export interface ImageShape {
  height: number;
  width: number;
}

/** The bytes of an image. */
export interface ChannelShape extends ImageShape {
  /** Levels of a pixel, which lie together: 1 if the image is grey, which is the default; 3 for colours. */
  channels?: number;
}

/**
 * Where each pixel of a distorted image comes from, in pixels from the centre of the image: the places to the
 * right, then those down, `planeSize` elements later. (2, height * width)
 */
export interface PixelField extends ImageShape {
  offset: number;
}

/**
 * Elements from the places to the right to those down. The last vector of the last row may reach 3 elements
 * beyond it.
 */
export const planeSize = ({ height, width }: ImageShape) => roundUp(height * width + 3, vectorStep);

/** A map of the plane: x' = xx x + xy y + x, y' = yx x + yy y + y. */
export interface PlaneMap {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
  x: number;
  y: number;
}

/** A smoothing of noise by a symmetric window. */
export interface Blur {
  /** Pixels on each side of the middle. */
  radius: number;
  /**
   * Elements for it, see `blurRoom`. The window's weights come first, from its middle on (radius + 1), then
   * what the kernel needs.
   */
  room: number;
}

/**
 * Elements that a blur needs: weights, noise in two planes with a margin, a line of each, displacements in
 * two planes.
 */
export function blurRoom(shape: ImageShape, radius: number): number {
  const { weights, plane, line } = blurSizes(shape, radius);
  return weights + 2 * plane + 2 * line + 2 * planeSize(shape);
}

/** Sizes of a blur's parts; `stride` elements from one row of noise to the next. */
export function blurSizes({ height, width }: ImageShape, radius: number) {
  const stride = roundUp(width, 4);
  return {
    stride,
    weights: roundUp(radius + 1, vectorStep),
    plane: roundUp((height + 2 * radius) * stride + 16, vectorStep),
    line: roundUp(stride + 2 * radius, vectorStep),
  };
}
