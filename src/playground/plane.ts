/** The plane of the points: what the network says at each of its places, and the points on it. */
import type { Samples } from 'lockstep/browser';
import { canvasOf } from './elements.ts';
import type { Pass, ShownNetwork } from './network.ts';
import { classColour, css, paintSigned, usualSize } from './paint.ts';

/** Places along a side, at which the network is asked. */
export const side = 56;

/** A square part of the plane. */
export interface Plane {
  left: number;
  top: number;
  size: number;
  /** Its places, from the top left corner, row by row. (side * side, 2) */
  places: Float64Array;
}

/** What is looked at: a unit of a hidden layer, or what comes out. */
export type Look = { layer: number; unit: number } | undefined;

/** The part of the plane in which all points lie, with a margin. */
export function planeOf({ dataset: { train, test } }: ShownNetwork): Plane {
  const extent = (column: number) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { features } of [train, test]) {
      for (let i = column; i < features.length; i += 2) {
        least = Math.min(least, features[i]!);
        most = Math.max(most, features[i]!);
      }
    }
    return { middle: (least + most) / 2, length: most - least };
  };
  const [x, y] = [extent(0), extent(1)];
  const size = 1.12 * Math.max(x.length, y.length);
  const [left, top] = [x.middle - size / 2, y.middle + size / 2];
  const places = new Float64Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    places[2 * i] = left + (((i % side) + 0.5) / side) * size;
    places[2 * i + 1] = top - ((Math.floor(i / side) + 0.5) / side) * size;
  }
  return { left, top, size, places };
}

/** The number at a place, and the size that has the full colour. */
export interface Field {
  full: number;
  at: (place: number) => number;
}

/** Blue where the second class is likely, orange where the first is; or how strong a unit is. */
export function fieldOf({ hidden, probabilities }: Pass, look: Look): Field {
  if (!look) return { full: 1, at: (place) => probabilities.values[2 * place + 1]! * 2 - 1 };
  const { units, values } = hidden[look.layer]!;
  const at = (place: number) => values[place * units + look.unit]!;
  return { full: usualSize(Float64Array.from({ length: side * side }, (_, place) => at(place))), at };
}

/** How likely a class is: from nothing to the full colour of the class. */
export function classField({ probabilities: { units, values } }: Pass, label: number): Field {
  const sign = label === 0 ? -1 : 1;
  return { full: 1, at: (place) => sign * values[place * units + label]! };
}

const field = canvasOf(side, side);

/** Draws the plane and its points. The points that it is tested with are rings. */
export function drawPlane(
  canvas: HTMLCanvasElement,
  { left, top, size }: Plane,
  { full, at }: Field,
  { train, test }: { train: Samples; test: Samples },
  chosen: number | undefined,
): void {
  const context = canvas.getContext('2d')!;
  const { width } = canvas;
  paintSigned(field, full, at);
  context.clearRect(0, 0, width, width);
  context.globalAlpha = 0.62;
  context.imageSmoothingQuality = 'high';
  context.drawImage(field, 0, 0, width, width);
  context.globalAlpha = 1;
  const unit = width / 400;
  const place = (features: ArrayLike<number>, sample: number) =>
    [
      ((features[2 * sample]! - left) / size) * width,
      ((top - features[2 * sample + 1]!) / size) * width,
    ] as const;
  const ring = (x: number, y: number, radius: number) => {
    context.beginPath();
    context.arc(x, y, radius * unit, 0, 2 * Math.PI);
  };
  context.lineWidth = unit;
  for (let sample = 0; sample < test.count; sample++) {
    ring(...place(test.features, sample), 2.4);
    context.strokeStyle = css(classColour(test.targets[sample]!));
    context.stroke();
  }
  context.strokeStyle = 'rgb(255 255 255 / 0.85)';
  for (let sample = 0; sample < train.count; sample++) {
    ring(...place(train.features, sample), 3);
    context.fillStyle = css(classColour(train.targets[sample]!));
    context.fill();
    context.stroke();
  }
  if (chosen === undefined) return;
  context.lineWidth = 2 * unit;
  context.strokeStyle = getComputedStyle(canvas).color;
  ring(...place(train.features, chosen), 8);
  context.stroke();
}

/** The training point that is nearest to a place of the picture, from 0 to 1 each way. */
export function nearestPoint(
  { left, top, size }: Plane,
  { train }: { train: Samples },
  x: number,
  y: number,
): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let sample = 0; sample < train.count; sample++) {
    const across = train.features[2 * sample]! - (left + x * size);
    const down = train.features[2 * sample + 1]! - (top - y * size);
    const distance = across * across + down * down;
    if (distance < least) [best, least] = [sample, distance];
  }
  return best;
}
