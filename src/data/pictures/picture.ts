/** An image as it was read from a file. */
export interface Picture {
  height: number;
  width: number;
  /** Red, green, blue and alpha of each pixel, 0-255, row-major. (height, width, 4) */
  rgba: Uint8Array;
}

/** What a file says of its picture before its pixels. */
export interface PictureHeader {
  /** As the picture is meant to be seen, turned as its orientation says. */
  height: number;
  width: number;
  /** It may have colours. */
  colour: boolean;
  /** Bits of a level. */
  depth: number;
  /** How the camera was held, 1 (upright) to 8, as EXIF numbers it. */
  orientation: number;
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

/** Turns and mirrors a picture as an orientation of EXIF says: 6 is a quarter turn clockwise. */
export function orientPicture(picture: Picture, orientation: number): Picture {
  if (orientation <= 1 || orientation > 8) return picture;
  const { height: tall, width: wide, rgba } = picture;
  const [height, width] = orientation > 4 ? [wide, tall] : [tall, wide];
  // The stored place of the first pixel that is seen, and the steps to the next below it and at its right.
  const [first, down, right] = [
    [0, wide, 1],
    [wide - 1, wide, -1],
    [tall * wide - 1, -wide, -1],
    [(tall - 1) * wide, -wide, 1],
    [0, 1, wide],
    [(tall - 1) * wide, 1, -wide],
    [tall * wide - 1, -1, -wide],
    [wide - 1, -1, wide],
  ][orientation - 1] as [number, number, number];
  const from = new DataView(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const to = new DataView(new ArrayBuffer(rgba.length));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      to.setUint32(4 * (y * width + x), from.getUint32(4 * (first + y * down + x * right)));
    }
  }
  return { height, width, rgba: new Uint8Array(to.buffer) };
}
