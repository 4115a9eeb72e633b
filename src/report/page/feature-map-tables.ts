/** Feature maps as pictures: of each layer a table, a row for each sample and a column for each channel. */
import { grouped } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { FeatureMaps, LayerMaps } from '../feature-maps.ts';
import type { Findings } from '../findings.ts';
import { html, type Markup } from './markup.ts';
import { pictureOf } from './pictures.ts';
import { signedPicture, sizeText, usualSize } from './signed-pictures.ts';

/** The sides of a drawn map that is a square, and of a sample, in pixels of the page. */
const [mapSide, sampleSide] = [56, 84];

/** How many times as long as that a side of a map may be that is not a square. */
const longest = 2;

export function featureMapSection(
  { summary }: RunFacts,
  maps: FeatureMaps | undefined,
  findings: Findings | undefined,
): Markup {
  const features = findings?.signature.features;
  if (!maps || features?.kind !== 'bytes') {
    return html`<section>
<h2>Feature maps</h2>
<p>They are left out: the test images are not at hand, or some of the numbers are not finite.</p>
</section>`;
  }
  const { samples, right, layers } = maps;
  const { signature, test } = findings!;
  const { targets } = signature;
  const names = samples.map((index) => {
    if (targets.kind !== 'classes') return `#${grouped(index)}`;
    const actual = test.targets[index]!;
    return summary?.classNames?.[actual] ?? String(actual);
  });
  const [height, width] = features.shape;
  const size = drawnSize({ height, width }, sampleSide);
  const figures = samples.map((index, i) => {
    const source = pictureOf(features, test, index);
    const caption = targets.kind === 'classes' ? html`<b>${names[i]}</b> ` : undefined;
    return html`<figure><img src="${source}" alt="test image ${index}: ${names[i]}" ${size}>
<figcaption>${caption}<span class="note">#${grouped(index)}</span></figcaption></figure>
`;
  });
  return html`<section>
<h2>Feature maps</h2>
<p>What the layers make of ${samples.length === 1 ? 'a test image' : `${samples.length} test images`},
from front to back: a row for each image, and a column for each channel of a layer’s output.${
    right ? whichText(samples.length) : undefined
  } Blue is above 0, orange below, and the paper is 0. The pictures of a layer have one scale, so they can be
compared: the full colour is three times their root mean square, or the largest number if that is less. The
values are those of an evaluation: nothing is dropped, and batch normalisation uses its running figures.</p>
<div class="map-samples">
${figures}</div>
${layers.map((layer) => layerTable(layer, names))}</section>`;
}

function whichText(samples: number): string {
  return samples === 1
    ? ' It is the first of its class that was predicted right.'
    : ' They are the first of their classes that were predicted right.';
}

function layerTable({ kinds, path, shape, step, maps, ...map }: LayerMaps, names: readonly string[]): Markup {
  const full = usualSize(maps.flat());
  const negative = maps.flat().some((values) => values.some((value) => value < 0));
  const size = drawnSize(map, mapSide);
  const shown = maps[0]!.length;
  const notes = [
    shown < shape.channels && `The first ${shown} of ${grouped(shape.channels)} channels.`,
    step > 1 && `Each point is the mean over ${step} × ${step} places.`,
    full > 0 ? `Full colour from ${negative ? '±' : ''}${sizeText(full)}.` : 'All are 0.',
  ].filter((note) => note !== false);
  const rows = maps.map((channels, i) => {
    const cells = channels.map((values, channel) => {
      const source = signedPicture(values, { ...map, full });
      const title = `channel ${channel}`;
      return html`<td><img src="${source}" alt="${title}" title="${title}" ${size}></td>
`;
    });
    return html`<tr><th scope="row" title="${names[i]}">${names[i]}</th>
${cells}</tr>
`;
  });
  return html`<h3>${kinds.join(', ')} <span class="note">${path},
${shape.height} × ${shape.width} × ${grouped(shape.channels)}</span></h3>
<p class="note">${notes.join(' ')}</p>
<div class="scroll"><table class="maps"><tbody>
${rows}</tbody></table></div>
`;
}

/** The attributes of a picture: the area of a square of this side, unless it would be very long. */
function drawnSize({ height, width }: { height: number; width: number }, side: number): Markup {
  const stretch = Math.min(Math.sqrt(width / height), longest);
  const across = Math.min(side * stretch, (side * longest * width) / height);
  return html`width="${Math.round(across)}" height="${Math.max(1, Math.round((across * height) / width))}"`;
}
