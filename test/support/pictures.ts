// Pictures in the markup of a page.
import { decode } from 'fast-png';

export interface Picture {
  /** Height and width. */
  size: readonly number[];
  /** Red, green, blue and opacity, or without the opacity. */
  at(y: number, x: number): number[];
}

/** All pictures, in their order. */
export function picturesIn(text: string): Picture[] {
  return [...text.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map(([, encoded]) => {
    const { width, height, channels, data, palette } = decode(Buffer.from(encoded!, 'base64'));
    const at = (y: number, x: number) => {
      const place = y * width + x;
      return palette
        ? [...palette[data[place]!]!]
        : [...data.subarray(place * channels, (place + 1) * channels)];
    };
    return { size: [height, width], at };
  });
}

/** A number as the colour of a signed picture says it: its sign, and its share of the full size. */
export function signedAt(picture: Picture, y: number, x: number): number {
  const [red, , blue, opacity] = picture.at(y, x) as [number, number, number, number];
  return (blue > red ? opacity : -opacity) / 255;
}
