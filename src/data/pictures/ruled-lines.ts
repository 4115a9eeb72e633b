/**
 * Ruled lines: straight, thin, and from one edge of the picture to the other. They are no part of a digit.
 */
import { withoutSpecks } from './clean.ts';
import { boxOf } from './fit.ts';
import type { Ink } from './picture.ts';

/** A line covers at least this share of the picture's width. */
const across = 0.9;
/** A line is no thicker than this share of the picture's height. */
const thickest = 0.06;
/** Lines may rise or fall by so much, as in a picture that was taken by hand. */
const slopes = [0, 0.005, -0.005, 0.01, -0.01, 0.015, -0.015, 0.02, -0.02, 0.03, -0.03, 0.04, -0.04];

/** The ink without ruled lines, or undefined if there are none. Strokes that cross a line stay whole. */
export function withoutLines(ink: Ink): Ink | undefined {
  const level = removeLevel(ink);
  const upright = removeLevel(transposed(level ?? ink));
  if (!upright) return level && withoutSpecks(level);
  return withoutSpecks(transposed(upright));
}

/** Removes the lines from left to right. */
function removeLevel(ink: Ink): Ink | undefined {
  const { height, width, values } = ink;
  if (width < 16 || height < 16) return undefined;
  // Ink that touches all edges was cut out tightly: a straight stroke may reach from edge to edge.
  const box = boxOf(ink);
  const tight = box.height >= 0.93 * height && box.width >= 0.93 * width;
  for (const slope of slopes) {
    const at = (line: number, x: number) => line + Math.round(slope * (x - width / 2));
    const inkAt = (y: number, x: number) => y >= 0 && y < height && values[y * width + x]! > 0;
    const lines = runs(height, (line) => {
      let covered = 0;
      for (let x = 0; x < width; x++) if (inkAt(at(line, x), x)) covered++;
      return covered >= across * width;
    });
    // The bar of a digit that was cut out tightly lies at the picture's edge. A line does not.
    const margin = 0.02 * height;
    const thin = lines.filter(
      ({ from, to }) => to - from <= Math.max(1, thickest * height) && from > margin && to < height - margin,
    );
    if (thin.length === 0 || (tight && thin.length < 3)) continue;
    const left = Float32Array.from(values);
    for (const { from, to } of thin) {
      for (let x = 0; x < width; x++) {
        let [top, bottom] = [at(from, x), at(to - 1, x) + 1];
        while (inkAt(top - 1, x)) top--;
        while (inkAt(bottom, x)) bottom++;
        if (bottom - top > 1.6 * (to - from) + 2) continue;
        for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) left[y * width + x] = 0;
      }
    }
    // What is nothing but lines is meant to be lines.
    const sum = (all: Float32Array) => all.reduce((total, value) => total + value, 0);
    if (sum(left) >= 0.1 * sum(values)) return { height, width, values: left };
  }
  return undefined;
}

/** The runs of numbers below `count` for which this holds. */
function runs(count: number, holds: (index: number) => boolean): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (!holds(i)) continue;
    const last = found.at(-1);
    if (last?.to === i) last.to++;
    else found.push({ from: i, to: i + 1 });
  }
  return found;
}

function transposed({ height, width, values }: Ink): Ink {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x]!;
  return { height: width, width: height, values: out };
}
