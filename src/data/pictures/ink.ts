/**
 * Finds the ink in a picture: all that stands out from the background, whatever their two colours.
 *
 * The edge of the picture gives the background. The pixels that differ most from it give the colour of the
 * ink. The colour of every pixel lies somewhere between the two, and its position there is its share of ink.
 */
import type { Ink, Picture } from './picture.ts';

/** People take colours for the same if they differ by less than this many of 255 levels. */
const leastContrast = 12;

/** Ink, and whether it is darker than its paper. */
export interface FoundInk extends Ink {
  dark: boolean;
}

/** The ink of a picture, or undefined if all of it has one colour. */
export function findInk(picture: Picture): FoundInk | undefined {
  const { height, width } = picture;
  const rgb = overPaper(picture);
  const { paper, slopes } = edgeColour(rgb, height, width);
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  /** The difference of each pixel from the paper, in red, green and blue. */
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
  // Light often falls from one side. But if the edges differ as much as ink, a digit touches one of them.
  const shade = sizeOf(slopes.down) * height + sizeOf(slopes.across) * width;
  if (shade > 0 && shade < farthest) {
    difference = differences(false);
    farthest = farthestOf(difference);
  }
  if (farthest < leastContrast) return undefined;

  // The ink's colour is the mean of many pixels, so that one odd pixel does not decide.
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
  return {
    height,
    width,
    values,
    dark: 0.299 * direction[0]! + 0.587 * direction[1]! + 0.114 * direction[2]! < 0,
  };
}

/** Distance of two colours in levels, from their differences in red, green and blue. */
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

/** The visible colours: transparent pixels show a paper of one colour. (height * width, 3) */
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
  // A drawing on a transparent background gets white or black paper, whichever contrasts with it. If the
  // picture is mostly opaque, the holes get its mean colour.
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

/** The median colour of the pixels at the edge, and its change per pixel from one edge to the other. */
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
