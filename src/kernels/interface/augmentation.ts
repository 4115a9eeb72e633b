import type { RowWords } from '../../foundation/philox.ts';
import type { Matrix } from '../../foundation/shapes.ts';
import type { Blur, PixelField, PlaneMap } from '../pixel-field.ts';

/** From the bytes of an image to a row of x: the image as it is, or distorted by a field. */
export interface AugmentationKernels {
  /** x = pixel / 255, for row `row` of x. (count) bytes -> (count) numbers in [0, 1] */
  pixels(bytes: Uint8Array, x: Matrix, row: number): void;

  /** Every pixel comes from its own place. */
  identityField(field: PixelField): void;
  /** The places go through a map of the plane. */
  mapField(field: PixelField, map: PlaneMap): void;
  /**
   * Each place moves by alpha times smoothed noise. The noise of pixel (i, j), uniform in (-1, 1), is made of
   * random word i stride + j, see `blurSizes`: to the right of its lower 16 bits, down of its upper. It is
   * smoothed along the columns, then along the rows, as if the image were repeated on all sides.
   */
  elasticField(field: PixelField, words: RowWords, blur: Blur, alpha: number): void;
  /**
   * x = pixel / 255 for the image that the field makes of this one, for row `row` of x. Between pixels it is
   * bilinear, outside the image 0. All channels of a pixel lie together, and come from one place.
   * (height * width * channels) bytes -> (height * width * channels) numbers in [0, 1]
   */
  resample(bytes: Uint8Array, field: PixelField, channels: number, x: Matrix, row: number): void;
}
