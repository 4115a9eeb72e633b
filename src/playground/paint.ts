/** Numbers as colours: blue above 0, orange below, the stronger the larger; 0 is the card behind. */

export type Colour = readonly [red: number, green: number, blue: number];

/** As in the reports. Both stand out from light and from dark paper. */
export const [above, below]: readonly [Colour, Colour] = [
  [43, 127, 208],
  [217, 115, 13],
];

export const css = ([red, green, blue]: Colour, opacity = 1) => `rgb(${red} ${green} ${blue} / ${opacity})`;

/** The colour of a class of points: the first is orange, the second blue. */
export const classColour = (label: number): Colour => (label === 0 ? below : above);

/** A number, as the colour of its sign. `share` 1 and more is opaque. */
export const signedColour = (share: number): string =>
  css(share < 0 ? below : above, Math.min(1, Math.abs(share)));

/**
 * Fills a canvas with numbers, a pixel each, from the top left corner. `full` and more is opaque.
 *
 * @param at the number of a pixel
 */
export function paintSigned(canvas: HTMLCanvasElement, full: number, at: (pixel: number) => number): void {
  paint(canvas, (pixel, data) => {
    const value = at(pixel);
    const [red, green, blue] = value < 0 ? below : above;
    data[4 * pixel] = red;
    data[4 * pixel + 1] = green;
    data[4 * pixel + 2] = blue;
    data[4 * pixel + 3] = full > 0 ? Math.min(1, Math.abs(value) / full) * 255 : 0;
  });
}

/** Fills a canvas with bytes of ink, 0 to 255, white on black. */
export function paintInk(canvas: HTMLCanvasElement, bytes: ArrayLike<number>): void {
  paint(canvas, (pixel, data) => {
    data.fill(bytes[pixel]!, 4 * pixel, 4 * pixel + 3);
    data[4 * pixel + 3] = 255;
  });
}

function paint(canvas: HTMLCanvasElement, one: (pixel: number, data: Uint8ClampedArray) => void): void {
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let pixel = 0; pixel < canvas.width * canvas.height; pixel++) one(pixel, image.data);
  context.putImageData(image, 0, 0);
}

/** A size that few of these numbers exceed: three times their root mean square, or the largest if less. */
export function usualSize(numbers: ArrayLike<number>): number {
  let [squares, largest] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]!);
    squares += size * size;
    if (size > largest) largest = size;
  }
  return Math.min(largest, 3 * Math.sqrt(squares / Math.max(1, numbers.length)));
}
