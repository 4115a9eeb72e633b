/**
 * Weights as the pixels of small pictures. The colour says the sign, blue above 0 and orange below, which
 * differ for colour-blind readers, too; the opacity says the size. So 0 is the paper, light or dark.
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

/** A size that few weights exceed: three times their root mean square, or the largest if that is less. */
export function usualSize(weights: ArrayLike<number>): number {
  let [squares, largest] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const size = Math.abs(weights[i]!);
    squares += size * size;
    if (size > largest) largest = size;
  }
  return Math.min(largest, 3 * Math.sqrt(squares / Math.max(1, weights.length)));
}

/** A PNG as a data URI. Weights of `full` and more have the full colour. (height, width) */
export function signedPicture(
  weights: ArrayLike<number>,
  { width, height, full }: { width: number; height: number; full: number },
): string {
  const data = Uint8Array.from(weights, (weight) => {
    const step = Math.min(steps, Math.round((Math.abs(weight) / full) * steps)) || 0;
    return step === 0 ? 0 : 2 * step - (weight > 0 ? 1 : 0);
  });
  return dataUri(encode({ width, height, data, depth: 8, channels: 1, palette }));
}

/**
 * A PNG in red, green and blue: 0 is grey, `full` and more the brightest, the opposite black.
 * (height, width, 3)
 */
export function colourPicture(
  weights: ArrayLike<number>,
  { width, height, full }: { width: number; height: number; full: number },
): string {
  const data = Uint8Array.from(weights, (weight) => {
    const step = Math.max(-steps, Math.min(steps, Math.round((weight / full) * steps))) || 0;
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

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
