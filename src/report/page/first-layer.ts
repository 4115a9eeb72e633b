/**
 * The weights of the first dense layer, which stand between the samples and the network: of pictures one
 * picture for each unit, of tables a heat map of inputs and units.
 */
import type { Signature } from '../../data/split.ts';
import { grouped } from '../../foundation/format.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { squaresOver } from '../square-means.ts';
import { inputNames } from './input-names.ts';
import { html, type Markup } from './markup.ts';
import {
  colourPicture,
  colourScale,
  signedPicture,
  signedScale,
  sizeText,
  usualSize,
} from './signed-pictures.ts';
import { unitWeights } from './unit-weights.ts';

/** The most units, the most inputs of a table, and about the longest side of a picture, in pixels. */
const [mostUnits, mostInputs, longestSide] = [64, 40, 36];

/** The sizes of a drawn unit, in pixels of the page: a side of a picture, a column of the heat map. */
const [tileWidth, cellWidth] = [64, 10];

/** Of a matrix (inputs, units), row-major. */
export function firstLayerSection(
  { features, preparation }: Pick<Signature, 'features' | 'preparation'>,
  { shape, values }: { shape: readonly number[]; values: NumberTensor['values'] },
): Markup {
  const [inputs, units] = shape as readonly [number, number];
  const shown = Math.min(units, mostUnits);
  const which = shown < units ? `the first ${shown} of ${grouped(units)} units` : `all ${units} units`;
  const body =
    features.kind === 'bytes'
      ? tiles(features.shape, { values, units, shown, which })
      : preparation.kind === 'columns'
        ? heatMap(inputNames(preparation.columns), { values, inputs, units, shown, which })
        : html``;
  return html`<section>
<h2>Weights of the first layer</h2>
${body}</section>`;
}

interface Shown {
  values: NumberTensor['values'];
  units: number;
  shown: number;
  /** The same in words. */
  which: string;
}

function tiles(shape: readonly [number, number, number], { values, units, shown, which }: Shown): Markup {
  const [height, width, channels] = shape;
  const W = { values, shape: [height, width, channels, units] };
  const squares = squaresOver(height, width, longestSide);
  const { step, height: down, width: across } = squares;
  const colour = channels === 3;
  const means = Array.from({ length: shown }, (_, unit) => unitWeights(squares, W, { unit, colour }));
  const full = usualSize(means);
  const draw = colour ? colourPicture : signedPicture;
  const tileHeight = Math.round((tileWidth * down) / across);
  const pictures = means.map((own, u) => {
    const source = draw(own, { width: across, height: down, full });
    return html`<img src="${source}" alt="unit ${u}" title="unit ${u}" width="${tileWidth}" height="${tileHeight}">
`;
  });
  const size = sizeText(full);
  const pixels = step > 1 ? ` Each point is the mean over ${step} × ${step} pixels.` : '';
  const summed = !colour && channels > 1 ? ` The weights of the ${channels} channels are added up.` : '';
  return html`<p>One picture for each unit, ${which}: what a pixel adds to the unit if it is
bright.${pixels}${summed}${colour ? colourScale(size) : undefined}</p>
${colour ? undefined : signedScale(size)}
<div class="units">
${pictures}</div>
`;
}

function heatMap(
  names: readonly string[],
  { values, inputs, units, shown, which }: Shown & { inputs: number },
): Markup {
  const rowOf = (input: number) => values.subarray(input * units, input * units + shown);
  const chosen = largestRows(inputs, rowOf);
  const full = usualSize(chosen.map(rowOf));
  const width = shown * cellWidth;
  const rows = chosen.map((input) => {
    const source = signedPicture(rowOf(input), { width: shown, height: 1, full });
    const name = names[input] ?? String(input);
    return html`<tr><th scope="row">${name}</th>
<td><img src="${source}" alt="weights of ${name}" style="max-width:${width}px"></td></tr>
`;
  });
  const size = sizeText(full);
  return html`<p>A row for each input and a column for each unit, ${which}. The inputs are prepared,
so the weights can be compared.${
    chosen.length < inputs
      ? ` These are the ${chosen.length} of ${grouped(inputs)} inputs with the largest weights.`
      : undefined
  }</p>
${signedScale(size)}
<div class="scroll"><table class="inputs">
<tbody>
${rows}</tbody></table></div>
`;
}

/** The inputs with the largest sums of squares, in the order of the table. */
function largestRows(inputs: number, rowOf: (input: number) => ArrayLike<number>): number[] {
  const all = Array.from({ length: inputs }, (_, input) => input);
  if (inputs <= mostInputs) return all;
  const squares = all.map((input) =>
    Array.from(rowOf(input)).reduce((sum, weight) => sum + weight * weight, 0),
  );
  return all
    .toSorted((a, b) => squares[b]! - squares[a]!)
    .slice(0, mostInputs)
    .sort((a, b) => a - b);
}
