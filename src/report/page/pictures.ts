/** Pictures of test images beside the network's predictions. */
import { encode } from 'fast-png';
import { grouped } from '../../foundation/format.ts';
import type { Prediction, Predictions } from '../predictions.ts';
import { html, type Markup } from './markup.ts';

/** Pictures, or the reason why there are none. */
export type Pictures = { predictions: Predictions; height: number; width: number } | { missing: string };

/** Width of a picture, in pixels of the page. */
const imageWidth = 84;

export function pictureSection(pictures: Pictures | undefined): Markup {
  if (!pictures) return html``;
  if ('missing' in pictures) {
    return html`<section>
<h2>Predictions</h2>
<p class="warning">There are no pictures: ${pictures.missing}</p>
</section>`;
  }
  const { right, worst, others } = pictures.predictions;
  const group = (title: string, text: string, predictions: readonly Prediction[]) =>
    predictions.length === 0
      ? undefined
      : html`<h3>${title}</h3>
<p>${text}</p>
<div class="cards">
${predictions.map((prediction) => card(prediction, pictures))}</div>`;
  return html`<section>
<h2>Predictions</h2>
<p>Images of the test set, each with its actual class and the classes that the network finds most likely. They
are numbered as in the test set, from 0.</p>
${group('The worst mistakes', 'Where the actual class got the lowest probability.', worst)}
${group('Other mistakes', 'The first of them in the test set.', others)}
${group('Right', 'The first of each class in turn.', right)}
${worst.length === 0 ? html`<p>There are no mistakes to show.</p>` : undefined}
</section>`;
}

function card({ index, actual, likely, image }: Prediction, size: { height: number; width: number }): Markup {
  const predicted = likely[0]!.class;
  const right = predicted === actual;
  const classes = likely.map(({ class: name, probability }) => {
    const kind = name === actual ? 'hit' : name === predicted ? 'miss' : 'other';
    const fill = `--s:${(probability * 100).toFixed(1)}%`;
    return html`<li class="${kind}" style="${fill}"><b>${name}</b>
<span>${shareText(probability)}</span></li>`;
  });
  const imageHeight = Math.round((imageWidth * size.height) / size.width);
  const title = right ? html`<b>${actual}</b>` : html`<b>${actual}</b> taken for <b>${predicted}</b>`;
  return html`<figure class="card">
<img src="${pictureOf(image, size)}" alt="test image ${index}: ${actual}"
width="${imageWidth}" height="${imageHeight}">
<figcaption><div>${title} <span class="note">#${grouped(index)}</span></div>
<ol class="likely">${classes}</ol></figcaption>
</figure>
`;
}

/** A grey PNG as a data URI. */
function pictureOf(image: Uint8Array, { height, width }: { height: number; width: number }): string {
  const png = encode({ width, height, data: image, depth: 8, channels: 1 }, { zlib: { level: 9 } });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** A probability in three digits. If it would round to certainty or to zero, a bound is given instead. */
function shareText(probability: number): string {
  if (probability > 0.999) return '> 99.9 %';
  if (probability < 0.001) return '< 0.1 %';
  return `${(probability * 100).toFixed(1)} %`;
}
