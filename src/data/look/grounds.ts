/** A look at the grounds of pictures: test pictures on white are others than training pictures on black. */
import type { Dataset, Samples } from '../dataset.ts';
import { groundOf } from '../pictures/looks.ts';

/** Pictures of a part that are looked at, spread over it. */
const enough = 1000;
/** Fewer pictures say little. */
const fewest = 5;
/** Training pictures have a clear ground if so many are this near to it, of 255 levels. */
const clear = { share: 0.9, within: 32 };
/** A ground this far away is another, and a warning is due if so many test pictures have one. */
const other = { share: 0.25, levels: 128 };

export function lookAtGrounds({ features, train, test }: Dataset): string[] {
  if (features.kind !== 'bytes') return [];
  const { shape } = features;
  if (Math.min(shape[0], shape[1]) < 3) return [];
  const [known, found] = [groundsOf(train, shape), groundsOf(test, shape)];
  if (known.length < fewest || found.length < fewest) return [];
  const usual = middle(known);
  const near = known.filter((ground) => Math.abs(ground - usual) <= clear.within);
  if (near.length < clear.share * known.length) return [];
  const far = found.filter((ground) => Math.abs(ground - usual) >= other.levels);
  if (far.length < other.share * found.length) return [];
  const share = Math.round((100 * far.length) / found.length);
  return [
    `${share} % of the test pictures have a ${tone(middle(far))} ground (level ${middle(far)}), ` +
      `the training pictures a ${tone(usual)} one (level ${usual}): are they inverted? ` +
      'The network was never shown that',
  ];
}

const tone = (level: number) => (level < 128 ? 'dark' : 'light');

/** The levels of the grounds, of colours the mean of their channels. */
function groundsOf({ count, features }: Samples, [height, width, channels]: readonly number[]): number[] {
  const size = height! * width!;
  const step = Math.max(1, Math.floor(count / enough));
  const grounds: number[] = [];
  const levels = new Uint8Array(size);
  for (let picture = 0; picture < count; picture += step) {
    const first = picture * size * channels!;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let c = 0; c < channels!; c++) sum += features[first + i * channels! + c]!;
      levels[i] = Math.round(sum / channels!);
    }
    grounds.push(groundOf(levels, { height: height!, width: width! }));
  }
  return grounds;
}

const middle = (levels: readonly number[]) => levels.toSorted((a, b) => a - b)[levels.length >> 1]!;
