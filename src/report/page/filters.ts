/**
 * The filters of a convolution that sees the picture: what each of its channels looks for in a window. As a
 * convolution does not mirror its window, a filter lies there as it lies over the picture.
 */
import type { Signature } from '../../data/split.ts';
import { grouped } from '../../foundation/format.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { squaresOver } from '../square-means.ts';
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

/** The most pictures, the most inputs of a channel that have their own, and the longest side of a picture. */
const [mostPictures, mostInputs, longestSide] = [64, 4, 36];

/** The longer side of a drawn filter, in pixels of the page. */
const tileSide = 64;

/** @param tensor W (kernel height, kernel width, inputs, channels); `inputs` are those of a group */
export function filterSection(
  { features }: Pick<Signature, 'features'>,
  tensor: Pick<NumberTensor, 'shape' | 'values'>,
): Markup {
  if (features.kind !== 'bytes') return html``;
  const [, , inputs, channels] = tensor.shape as readonly [number, number, number, number];
  const picture = features.shape[2];
  const colour = inputs === 3 && picture === 3;
  const apart = !colour && inputs > 1 && inputs <= mostInputs;
  const lists = apart ? inputs : 1;
  const shown = Math.min(channels, Math.floor(mostPictures / lists));
  const filters = { picture, channels, shown, ...reduced(tensor, { colour, lists, shown }) };
  const all = channels === 1 ? 'there is one' : `all ${channels} channels`;
  const which = shown < channels ? `the first ${shown} of ${grouped(channels)} channels` : all;
  const { kernel, step, full } = filters;
  const size = sizeText(full);
  const texts = [
    `One picture of ${kernel} weights for each channel${apart ? ' and each that it sees' : ''}, ${which}: what
a pixel in the window adds to the channel if it is bright.`,
    step > 1 && `Each point is the mean over ${step} × ${step} weights.`,
    inputs < picture && groupsText(filters, inputs),
    inputs > 1 && !colour && !apart && `The weights of the ${inputs} channels that it sees are added up.`,
  ];
  const headOf = (input: number) =>
    inputs < picture ? `Channel ${input} of each group` : `Channel ${input} of the picture`;
  return html`<section>
<h2>Filters of the first convolution</h2>
<p>${texts.filter((text) => text !== false).join(' ')}${colour ? colourScale(size) : undefined}</p>
${colour ? undefined : signedScale(size)}
${filters.pictures.map(
  (list, input) => html`${apart ? html`<h3>${headOf(input)}</h3>\n` : undefined}<div class="units">
${list.map((source, channel) => tile(source, titleOf(channel, filters, inputs), filters))}</div>
`,
)}</section>`;
}

interface Filters {
  /** Channels of the picture, those of the layer, and how many of these are shown. */
  picture: number;
  channels: number;
  shown: number;
  /** `5 × 5` */
  kernel: string;
  /** Weights of a side that make a point of a picture. */
  step: number;
  height: number;
  width: number;
  full: number;
  /** By input if these are apart, and by channel. */
  pictures: readonly (readonly string[])[];
}

/** Draws all filters with one scale. */
function reduced(
  W: Pick<NumberTensor, 'shape' | 'values'>,
  { colour, lists, shown }: { colour: boolean; lists: number; shown: number },
): Omit<Filters, 'picture' | 'channels' | 'shown'> {
  const { values } = W;
  const [tall, wide, inputs, channels] = W.shape as readonly [number, number, number, number];
  const squares = squaresOver(tall, wide, longestSide);
  const { step, height, width } = squares;
  const ofChannel = (input: number, channel: number) =>
    lists === 1
      ? unitWeights(squares, W, { unit: channel, colour })
      : squares.means(1, (y, x) => values[((y * wide + x) * inputs + input) * channels + channel]!);
  const means = Array.from({ length: lists }, (_, list) =>
    Array.from({ length: shown }, (_, channel) => ofChannel(list, channel)),
  );
  const full = usualSize(means.flat());
  const draw = colour ? colourPicture : signedPicture;
  const pictures = means.map((list) => list.map((own) => draw(own, { width, height, full })));
  return { kernel: `${tall} × ${wide}`, step, height, width, full, pictures };
}

/** Of a layer in groups: `... the first 2 see red, the next 2 green, and so on.` */
function groupsText({ picture, channels }: Filters, inputs: number): string {
  const groups = picture / inputs;
  const each = channels / groups;
  const [first, second] = [0, 1].map((group) => groupName(group, picture, inputs));
  const of = inputs === 1 ? `the ${picture} channels` : `${groups} groups of ${inputs} channels`;
  const see = each === 1 ? 'the first sees' : `the first ${each} see`;
  const next = each === 1 ? 'the next' : `the next ${each}`;
  return `Each channel sees one of ${of} of the picture: ${see} ${first}, ${next} ${second}, and so on.`;
}

/** `channel 3`, and in groups what it sees: `channel 3, sees green`. */
function titleOf(channel: number, { picture, channels }: Filters, inputs: number): string {
  if (inputs === picture) return `channel ${channel}`;
  const group = Math.floor(channel / (channels / (picture / inputs)));
  return `channel ${channel}, sees ${groupName(group, picture, inputs)}`;
}

/** What the channels of a group see. */
function groupName(group: number, picture: number, inputs: number): string {
  if (inputs > 1) return `group ${group}`;
  return picture === 3 ? ['red', 'green', 'blue'][group]! : `channel ${group}`;
}

function tile(source: string, title: string, { height, width }: Filters): Markup {
  const scale = tileSide / Math.max(height, width);
  const [across, down] = [Math.round(scale * width), Math.round(scale * height)];
  // The grid would make it as wide as the others.
  const narrow = width < height ? html` style="max-width:${across}px"` : undefined;
  return html`<img src="${source}" alt="${title}" title="${title}"
width="${across}" height="${down}"${narrow}>
`;
}
