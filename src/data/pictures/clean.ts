/** Removes what is not ink: the grain of the paper, a shadow, specks of dust. */
import type { Ink } from './picture.ts';

/** A connected piece with less than this share of the largest one's ink is a speck. */
const speck = 0.02;

/** Sets pixels to 0 if they are fainter than `faintest` or than the edge's noise, or belong to a speck. */
export function clean({ height, width, values }: Ink, faintest: number): Ink {
  const floor = Math.max(faintest, Math.min(noiseOfEdge({ height, width, values }), threshold(values)));
  const kept = values.map((value) => (value > floor ? value : 0));
  const { piece, masses } = pieces({ height, width, values: kept });
  const largest = masses.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < kept.length; i++) {
    if (kept[i]! > 0 && masses[piece[i]!]! < speck * largest) kept[i] = 0;
  }
  return { height, width, values: kept };
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

/** Numbers the connected pieces of ink, corners touching, and adds up the ink of each. */
function pieces({ height, width, values }: Ink): { piece: Int32Array; masses: number[] } {
  const piece = new Int32Array(height * width).fill(-1);
  const masses: number[] = [];
  const open: number[] = [];
  for (let start = 0; start < values.length; start++) {
    if (values[start] === 0 || piece[start] !== -1) continue;
    const number = masses.push(0) - 1;
    piece[start] = number;
    open.push(start);
    while (open.length > 0) {
      const at = open.pop()!;
      masses[number]! += values[at]!;
      const [row, column] = [Math.floor(at / width), at % width];
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (values[next]! > 0 && piece[next] === -1) {
            piece[next] = number;
            open.push(next);
          }
        }
      }
    }
  }
  return { piece, masses };
}
