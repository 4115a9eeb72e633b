/** An image as it was read from a file. */
export interface Picture {
  height: number;
  width: number;
  /** Red, green, blue and alpha of each pixel, 0-255, row-major. (height, width, 4) */
  rgba: Uint8Array;
}

/** One number for each pixel: how much of it is ink, 0 to 1, row-major. (height, width) */
export interface Ink {
  height: number;
  width: number;
  values: Float32Array;
}

/** The shape that a network is fed with. */
export interface Shape {
  height: number;
  width: number;
}
