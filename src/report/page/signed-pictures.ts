/**
 * Numbers as the pixels of small pictures: weights, feature maps. The colour says the sign, blue above 0 and
 * orange below, which differ for colour-blind readers, too; the opacity says the size. So 0 is the paper,
 * light or dark.
 */
import { encode } from 'fast-png';
import { html, type Markup } from './markup.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Both stand out from light and from dark paper. */
const [above, below]: readonly Colour[] = [
  [43, 127, 208],
  [217, 115, 13],
];

/** Steps of opacity. More would cost bytes that nobody sees. */
const steps = 15;

/** 0, then each step above and below it. Opaque ones come last, as the format wants it. */
const palette = [
  [0, 0, 0, 0],
  ...Array.from({ length: steps }, (_, s) => {
    const opacity = Math.round((255 * (s + 1)) / steps);
    return [
      [...above!, opacity],
      [...below!, opacity],
    ];
  }).flat(),
];

/**
 * A size that few numbers exceed: three times their root mean square, or the largest if that is less.
 *
 * @param pictures those that have one scale
 */
export function usualSize(pictures: readonly ArrayLike<number>[]): number {
  let [squares, largest, count] = [0, 0, 0];
  for (const numbers of pictures) {
    for (let i = 0; i < numbers.length; i++) {
      const size = Math.abs(numbers[i]!);
      squares += size * size;
      if (size > largest) largest = size;
    }
    count += numbers.length;
  }
  return Math.min(largest, 3 * Math.sqrt(squares / Math.max(1, count)));
}

/** A size in words: two digits. */
export const sizeText = (full: number): string => String(Number(full.toPrecision(2)));

interface PictureSize {
  width: number;
  height: number;
  /** The size from which on a number has the full colour. */
  full: number;
}

/** A PNG as a data URI. (height, width) */
export function signedPicture(numbers: ArrayLike<number>, { width, height, full }: PictureSize): string {
  const data = Uint8Array.from(numbers, (number) => {
    const step = Math.min(steps, Math.round((Math.abs(number) / full) * steps)) || 0;
    return step === 0 ? 0 : 2 * step - (number > 0 ? 1 : 0);
  });
  return dataUri(encode({ width, height, data, depth: 8, channels: 1, palette }));
}

/**
 * A PNG in red, green and blue: 0 is grey, `full` and more the brightest, the opposite black.
 * (height, width, 3)
 */
export function colourPicture(numbers: ArrayLike<number>, { width, height, full }: PictureSize): string {
  const data = Uint8Array.from(numbers, (number) => {
    const step = Math.max(-steps, Math.min(steps, Math.round((number / full) * steps))) || 0;
    return Math.round(127.5 + (127.5 * step) / steps);
  });
  return dataUri(encode({ width, height, data, depth: 8, channels: 3 }));
}

/** What the colours of `signedPicture` mean. `full` is a text. */
export function signedScale(full: string): Markup {
  const css = (colour: Colour | undefined) => `rgb(${colour!.join(' ')})`;
  const fill = `background:linear-gradient(to right, ${css(below)}, transparent, ${css(above)})`;
  return html`<p class="scale">−${full} or less <span style="${fill}"></span> ${full} or more</p>`;
}

/** What the colours of `colourPicture` mean, in a sentence. `full` is a text. */
export function colourScale(full: string): Markup {
  return html` The weights of red, green and blue are shown as red, green and blue: grey is 0, the brightest
${full} or more, the darkest −${full} or less.`;
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
