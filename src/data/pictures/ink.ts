/**
 * Finds the ink in a picture: what stands out from the background, whatever the colours of the two.
 *
 * The background is what the edge of the picture shows. The ink's colour is that of the pixels which differ
 * most from it. Every pixel then lies somewhere between the two, and how far along is how much of it is ink.
 */
import type { Ink, Picture } from './picture.ts';

/** Colours that differ by less than this many of 255 levels are the same to a person. */
const leastContrast = 12;

/** The ink of a picture; undefined when all of it has one colour. */
export function findInk(picture: Picture): Ink | undefined {
  const { height, width } = picture;
  const rgb = overPaper(picture);
  const { paper, slopes } = edgeColour(rgb, height, width);
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  /** How each pixel differs from the paper, in red, green and blue. */
  const differences = (even: boolean) => {
    const out = new Float32Array(rgb.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++) {
          const shade = even ? 0 : slopes.down[c]! * (y - middleRow) + slopes.across[c]! * (x - middleColumn);
          const i = 3 * (y * width + x) + c;
          out[i] = rgb[i]! - paper[c]! - shade;
        }
      }
    }
    return out;
  };
  let difference = differences(true);
  let farthest = farthestOf(difference);
  // Light falls from a side. But an edge that differs as ink does is no shade: a digit touches it.
  const shade = sizeOf(slopes.down) * height + sizeOf(slopes.across) * width;
  if (shade > 0 && shade < farthest) {
    difference = differences(false);
    farthest = farthestOf(difference);
  }
  if (farthest < leastContrast) return undefined;

  // The ink's colour is the mean of many pixels, so that one odd one does not decide.
  const sum = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < difference.length; i += 3) {
    const of = difference.subarray(i, i + 3);
    if (sizeOf(of) < 0.75 * farthest) continue;
    for (let c = 0; c < 3; c++) sum[c]! += of[c]!;
    count++;
  }
  const direction = sum.map((total) => total / count);
  const length = direction.reduce((total, part) => total + part * part, 0);
  const values = new Float32Array(height * width);
  for (let i = 0; i < values.length; i++) {
    let along = 0;
    for (let c = 0; c < 3; c++) along += difference[3 * i + c]! * direction[c]!;
    values[i] = along / length;
  }
  return { height, width, values };
}

/** How far two colours are apart, in levels, from their differences in red, green and blue. */
function sizeOf(difference: ArrayLike<number>): number {
  const [red, green, blue] = [difference[0]!, difference[1]!, difference[2]!];
  return Math.sqrt((red * red + green * green + blue * blue) / 3);
}

function farthestOf(differences: Float32Array): number {
  let farthest = 0;
  for (let i = 0; i < differences.length; i += 3) {
    farthest = Math.max(farthest, sizeOf(differences.subarray(i, i + 3)));
  }
  return farthest;
}

/** The colours as they are seen: what is transparent shows a paper of one colour. (height * width, 3) */
function overPaper({ height, width, rgba }: Picture): Float32Array {
  const count = height * width;
  const rgb = new Float32Array(3 * count);
  const mean = [0, 0, 0];
  let visible = 0;
  for (let i = 0; i < count; i++) {
    const alpha = rgba[4 * i + 3]! / 255;
    visible += alpha;
    for (let c = 0; c < 3; c++) mean[c]! += alpha * rgba[4 * i + c]!;
  }
  let paper = mean.map((total) => total / Math.max(visible, 1));
  // A drawing on nothing lies on white or black, whichever it differs from; a sheet with holes fills them.
  if (visible < count / 2) {
    const light = paper[0]! + paper[1]! + paper[2]! > 1.5 * 255;
    paper = light ? [0, 0, 0] : [255, 255, 255];
  }
  for (let i = 0; i < count; i++) {
    const alpha = rgba[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = alpha * rgba[4 * i + c]! + (1 - alpha) * paper[c]!;
  }
  return rgb;
}

/** The median colour of the pixels at the edge, and by how much it changes a pixel, from edge to edge. */
function edgeColour(rgb: Float32Array, height: number, width: number) {
  const top: number[] = [];
  const bottom: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  for (let x = 0; x < width; x++) {
    top.push(x);
    bottom.push((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    left.push(y * width);
    right.push(y * width + width - 1);
  }
  const median = (pixels: readonly number[]) =>
    [0, 1, 2].map((c) => {
      const levels = Float32Array.from(pixels, (i) => rgb[3 * i + c]!).sort();
      return levels[levels.length >> 1]!;
    });
  const slope = (from: readonly number[], to: readonly number[], size: number) => {
    const [first, last] = [median(from), median(to)];
    return first.map((level, c) => (last[c]! - level) / Math.max(1, size - 1));
  };
  const paper = median([...top, ...bottom, ...left, ...right]);
  return { paper, slopes: { down: slope(top, bottom, height), across: slope(left, right, width) } };
}
