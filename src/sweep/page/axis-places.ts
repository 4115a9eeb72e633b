/** Where the axes of parallel coordinates stand, so that no name and no number is cut or covered. */
import type { Scale } from '../../report/page/axis.ts';

interface Axis {
  name: string;
  ticks: Scale['ticks'];
}

/** Pixels of a letter in a name, which is bold, and in a number; a little more than most fonts need. */
const letters = { name: 8, number: 7.4 };
const [gap, least] = [16, 90];

/** The width of the drawing, `usual` or as much as it takes, and the place of each axis in it. */
export function axisPlaces(axes: readonly Axis[], usual: number): { left: number[]; width: number } {
  const name = axes.map((axis) => axis.name.length * letters.name);
  const number = axes.map(
    ({ ticks }) => Math.max(0, ...ticks.map(({ label }) => label.length)) * letters.number,
  );
  const first = Math.max(name[0]! / 2 + 4, number[0]! + gap);
  const last = Math.max(name.at(-1)! / 2 + 4, 14);
  const needed = axes.slice(1).map((_, i) => {
    // Numbers stand to the left of their axis, names in its middle.
    return Math.max((name[i]! + name[i + 1]!) / 2 + gap, number[i + 1]! + gap, least);
  });
  const sum = needed.reduce((all, one) => all + one, 0);
  const width = Math.max(usual, Math.ceil(first + sum + last));
  const stretch = sum === 0 ? 1 : (width - first - last) / sum;
  const left = [first];
  for (const one of needed) left.push(left.at(-1)! + one * stretch);
  return { left, width };
}
