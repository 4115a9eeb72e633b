/** Removes what is not ink: the grain of the paper, a shadow, specks of dust. */
import type { Ink } from './picture.ts';
import { piecesOf, without } from './pieces.ts';

/** A connected piece with less than this share of the largest one's ink is a speck. */
const speck = 0.02;

/** Sets pixels to 0 if they are fainter than `faintest` or than the edge's noise, or belong to a speck. */
export function clean({ height, width, values }: Ink, faintest: number): Ink {
  const floor = Math.max(faintest, Math.min(noiseOfEdge({ height, width, values }), threshold(values)));
  const kept = values.map((value) => (value > floor ? value : 0));
  return withoutSpecks({ height, width, values: kept });
}

/** Sets the pixels of specks to 0. */
export function withoutSpecks(ink: Ink): Ink {
  const { piece, pieces } = piecesOf(ink);
  const largest = pieces.reduce((most, { mass }) => Math.max(most, mass), 0);
  return without(ink, piece, (number) => pieces[number]!.mass < speck * largest);
}

/** One and a half times the value that 95 % of the pixels at the edge stay below. */
function noiseOfEdge({ height, width, values }: Ink): number {
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(values[x]!, values[(height - 1) * width + x]!);
  for (let y = 1; y < height - 1; y++) edge.push(values[y * width]!, values[y * width + width - 1]!);
  const sizes = Float32Array.from(edge, Math.abs).sort();
  return 1.5 * sizes[Math.floor(0.95 * (sizes.length - 1))]!;
}

/**
 * The value that best separates ink from paper: the one with the largest variance between the two (Otsu, "A
 * threshold selection method from gray-level histograms", 1979).
 */
export function threshold(values: Float32Array): number {
  const bins = 256;
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const counts = new Float64Array(bins);
  for (const value of values) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor((value / most) * bins)))]!++;
  }
  const total = counts.reduce((sum, count, bin) => sum + bin * count, 0);
  let below = 0;
  let belowSum = 0;
  let best = 0;
  let bestBin = 0;
  for (let bin = 0; bin < bins - 1; bin++) {
    below += counts[bin]!;
    belowSum += bin * counts[bin]!;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const gap = belowSum / below - (total - belowSum) / above;
    const between = below * above * gap * gap;
    if (between > best) [best, bestBin] = [between, bin];
  }
  return ((bestBin + 1) / bins) * most;
}
