/** Pictures of test samples beside the network's predictions. */
import { encode } from 'fast-png';
import type { Features, Samples } from '../../data/dataset.ts';
import { grouped } from '../../foundation/format.ts';
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

/** A PNG as a data URI: in grey or in colour. Of other numbers of channels, the first in grey. */
function pictureOf({ shape }: PictureFeatures, { features }: Samples, index: number): string {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const pixels = features.subarray(index * size, (index + 1) * size) as Uint8Array;
  const whole = channels === 1 || channels === 3;
  const data = whole ? pixels : pixels.filter((_, i) => i % channels === 0);
  const png = encode(
    { width, height, data: Uint8Array.from(data), depth: 8, channels: whole ? channels : 1 },
    { zlib: { level: 9 } },
  );
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
