/** Feature maps as pictures: of each layer a table, a row for each sample and a column for each channel. */
import { grouped } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { FeatureMaps, LayerMaps } from '../feature-maps.ts';
import type { Findings } from '../findings.ts';
import { html, type Markup } from './markup.ts';
import { smallPictureOf } from './pictures.ts';
import { signedPicture, sizeText, usualSize } from './signed-pictures.ts';

/** The sides of a drawn map that is a square, and of a sample, in pixels of the page. */
const [mapSide, sampleSide] = [56, 84];

/** The most layers that are shown at once. The others are unfolded. */
const mostOpen = 16;

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
    const source = smallPictureOf(features, test, index, sampleSide);
    const caption = targets.kind === 'classes' ? html`<b>${names[i]}</b> ` : undefined;
    return html`<figure><img src="${source}" alt="test image ${index}: ${names[i]}" ${size}>
<figcaption>${caption}<span class="note">#${grouped(index)}</span></figcaption></figure>
`;
  });
  return html`<section>
<h2>Feature maps</h2>
<p>${whatText(samples.length, right)}
Blue is above 0, orange below, and the paper is 0. The pictures of a layer have one scale, so they can be
compared: the full colour is three times their root mean square, or the largest number if that is less. The
values are those of an evaluation: nothing is dropped, and batch normalisation uses its running figures.</p>
<div class="map-samples">
${figures}</div>
${layers.slice(0, mostOpen).map((layer) => layerTable(layer, names))}${
  layers.length > mostOpen
    ? html`<details><summary>The other ${layers.length - mostOpen} layers</summary>
${layers.slice(mostOpen).map((layer) => layerTable(layer, names))}</details>
`
    : undefined
}</section>`;
}

function whatText(samples: number, right: boolean): string {
  const [what, rows, which] =
    samples === 1
      ? ['a test image', '', 'It is the first of its class that was predicted right.']
      : [
          `${samples === 2 ? 'two' : 'three'} test images`,
          'a row for each image, and ',
          'They are the first of their classes that were predicted right.',
        ];
  const columns = 'a column for each channel of a layer’s output';
  return `What the layers make of ${what}, from front to back: ${rows}${columns}.${right ? ` ${which}` : ''}`;
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
  const sizes = `${shape.height} × ${shape.width} × ${grouped(shape.channels)}`;
  return html`<h3 class="map-layer">${kinds.join(', ')} <span class="note">${path}, ${sizes}.
${notes.join(' ')}</span></h3>
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
