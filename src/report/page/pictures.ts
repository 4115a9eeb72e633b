/** Pictures of test samples beside the network's predictions. */
import { encode } from 'fast-png';
import type { Features, Samples } from '../../data/dataset.ts';
import { grouped } from '../../foundation/format.ts';
import type { ImageShape } from '../../foundation/window.ts';
import { squaresOver } from '../square-means.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Width of a picture, in pixels of the page. */
const imageWidth = 84;

export type PictureFeatures = Features & { kind: 'bytes' };

/** A card with the picture of a sample. `lines` are items of a list. */
export function pictureCard(
  features: PictureFeatures,
  samples: Samples,
  { index, title, alt, lines }: { index: number; title: Content; alt: string; lines: Content },
): Markup {
  const [height, width] = features.shape;
  const imageHeight = Math.round((imageWidth * height) / width);
  return html`<figure class="card">
<img src="${pictureOf(features, samples, index)}" alt="${alt}"
width="${imageWidth}" height="${imageHeight}">
<figcaption><div>${title} <span class="note">#${grouped(index)}</span></div>
<ol class="likely">${lines}</ol></figcaption>
</figure>
`;
}

/** Pictures that were encoded, by their number: a page shows a mistake among the worst and in its cell. */
const encoded = new WeakMap<Samples, Map<number, string>>();

/** A PNG as a data URI. */
function pictureOf(features: PictureFeatures, samples: Samples, index: number): string {
  const known = encoded.get(samples) ?? new Map<number, string>();
  encoded.set(samples, known);
  const picture = known.get(index) ?? encodePicture(features, samples, index);
  known.set(index, picture);
  return picture;
}

/**
 * The same as means over squares, if a side is longer than this: for a picture that is drawn small.
 *
 * @param longest in pixels of the picture
 */
export function smallPictureOf(
  features: PictureFeatures,
  samples: Samples,
  index: number,
  longest: number,
): string {
  const [tall, wide] = features.shape;
  const { step, height, width, means } = squaresOver(tall, wide, longest);
  if (step === 1) return pictureOf(features, samples, index);
  const { pixels, channels } = shownPixels(features, samples, index);
  const data = means(channels, (y, x, c) => pixels[(y * wide + x) * channels + c]!).map(Math.round);
  return dataUri(data, { height, width, channels });
}

function encodePicture(features: PictureFeatures, samples: Samples, index: number): string {
  const [height, width] = features.shape;
  const { pixels, channels } = shownPixels(features, samples, index);
  return dataUri(pixels, { height, width, channels });
}

/** In grey or in colour. Of other numbers of channels, the first in grey. */
function shownPixels(
  { shape }: PictureFeatures,
  { features }: Samples,
  index: number,
): { pixels: Uint8Array; channels: number } {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const pixels = features.subarray(index * size, (index + 1) * size) as Uint8Array;
  if (channels === 1 || channels === 3) return { pixels, channels };
  return { pixels: pixels.filter((_, i) => i % channels === 0), channels: 1 };
}

function dataUri(pixels: ArrayLike<number>, { height, width, channels }: ImageShape): string {
  const data = Uint8Array.from(pixels);
  const png = encode({ width, height, data, depth: 8, channels }, { zlib: { level: 9 } });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
