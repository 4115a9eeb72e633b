/** Some pictures of a data set side by side in a terminal, one of each class. */
import type { Dataset } from '../data/dataset.ts';
import { clip, type Stream } from './console.ts';
import { pixelArt } from './pixel-art.ts';
import { unicode } from './terminal-characters.ts';

/** A picture is made smaller until it is no wider. */
const widest = 32;
/** Columns between two pictures. */
const gap = 2;
const mostRows = 2;

/** How a picture becomes a small one. */
interface Sizes {
  height: number;
  width: number;
  channels: number;
  /** Pixels of the picture, in each direction, that become one. */
  factor: number;
  size: { height: number; width: number };
}

/** Undefined if the samples are no pictures, or too flat to be one. */
function sizesOf({ features }: Dataset): Sizes | undefined {
  if (features.kind !== 'bytes') return undefined;
  const [height, width, channels] = features.shape;
  const factor = Math.ceil(Math.max(width, height) / widest);
  const size = { height: Math.ceil(height / factor), width: Math.ceil(width / factor) };
  return size.height < 2 || size.width < 2 ? undefined : { height, width, channels, factor, size };
}

/** A training sample as lines, its rarer half as ink; nothing if it is no picture. */
export function sampleArt(dataset: Dataset, sample: number): string[] {
  const sizes = sizesOf(dataset);
  return sizes ? pixelArt(inkOf(dataset, sample, sizes), sizes.size, unicode()) : [];
}

/** Nothing if the stream is no terminal, or if a sample is no picture. */
export function sampleLines(dataset: Dataset, to: Stream): string[] {
  const sizes = sizesOf(dataset);
  if (!to.live || !sizes) return [];
  const { size } = sizes;
  const across = Math.max(1, Math.floor((to.columns() - 1 + gap) / (size.width + gap)));
  const lines: string[] = [];
  const samples = samplesOf(dataset, across * mostRows);
  for (let first = 0; first < samples.length; first += across) {
    const arts = samples
      .slice(first, first + across)
      .map((sample) => ({ name: className(dataset, sample), art: sampleArt(dataset, sample) }));
    if (first > 0) lines.push('');
    const beside = (texts: readonly string[]) =>
      texts
        .map((text) => text.padEnd(size.width))
        .join(' '.repeat(gap))
        .trimEnd();
    lines.push(to.paint('dim', beside(arts.map(({ name }) => clip(name, size.width + 1)))));
    const tallest = Math.max(...arts.map(({ art }) => art.length));
    for (let line = 0; line < tallest; line++) lines.push(beside(arts.map(({ art }) => art[line] ?? '')));
  }
  return lines;
}

/** The first training samples of each class, in the order of the classes. */
function samplesOf({ train, targets }: Dataset, most: number): number[] {
  if (targets.kind !== 'classes') return [...Array(Math.min(most, train.count)).keys()];
  const first = new Map<number, number>();
  for (let i = 0; i < train.count && first.size < targets.count; i++) {
    if (!first.has(train.targets[i]!)) first.set(train.targets[i]!, i);
  }
  return [...first]
    .sort(([a], [b]) => a - b)
    .slice(0, most)
    .map(([, sample]) => sample);
}

function className({ targets, train }: Dataset, sample: number): string {
  if (targets.kind !== 'classes') return '';
  const label = train.targets[sample]!;
  return targets.names?.[label] ?? String(label);
}

/** The picture smaller and grey, its rarer half as ink: dark on light becomes light on dark. */
function inkOf(
  { train }: Dataset,
  sample: number,
  { height, width, channels, factor, size }: Sizes,
): Uint8Array {
  const pixels = train.features.subarray(
    sample * height * width * channels,
    (sample + 1) * height * width * channels,
  );
  const ink = new Uint8Array(size.height * size.width);
  let total = 0;
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      let [sum, count] = [0, 0];
      for (let v = y * factor; v < Math.min(height, (y + 1) * factor); v++) {
        for (let u = x * factor; u < Math.min(width, (x + 1) * factor); u++) {
          for (let c = 0; c < channels; c++) {
            sum += pixels[(v * width + u) * channels + c]!;
            count++;
          }
        }
      }
      ink[y * size.width + x] = sum / count;
      total += sum / count;
    }
  }
  return total > 127.5 * ink.length ? ink.map((level) => 255 - level) : ink;
}
