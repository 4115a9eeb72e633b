/** A name at the left, and behind it numbers or texts, in few lines that fit the terminal. */
import { grouped } from '../foundation/format.ts';
import { clip } from './console.ts';

/** Columns of the names, in a terminal that has room. */
const wideIndent = 28;
const narrowIndent = 22;
const roomy = 76;
/** All are shown if they need no more lines than that, ... */
const mostLines = 4;
/** ... else the first. */
const fewLines = 2;
/** Characters of a number, so that those of several rows stand below each other: `-1.2345e-5`. */
const numberWidth = 10;

/**
 * Numbers of five digits in columns; the last line says how many are left out.
 *
 * @param first of the numbers to be shown; those before are zeros, and are counted
 */
export function numberLines(name: string, numbers: Float64Array, width: number, first = 0): string[] {
  const shown = Array.from(numbers.subarray(first, first + 100), (value) =>
    short(value).padStart(numberWidth),
  );
  const texts = first > 0 ? [`${grouped(first)} zeros …`.padStart(numberWidth), ...shown] : shown;
  const more = numbers.length - first - shown.length;
  return linesOf(name, texts, width, { more, separator: ' ' });
}

/** Texts with commas between. */
export function namedLines(name: string, texts: readonly string[], width: number): string[] {
  return linesOf(name, texts, width, { more: 0, separator: ', ' });
}

/** @param more that there are beyond the texts */
function linesOf(
  name: string,
  texts: readonly string[],
  width: number,
  { more, separator }: { more: number; separator: string },
): string[] {
  const indent = width < roomy ? narrowIndent : wideIndent;
  const room = width - indent - 1;
  const whole = more === 0 ? filled(texts, room, separator, mostLines) : undefined;
  const { lines } = whole?.left === 0 ? whole : cut(texts, room, { more, separator });
  // A long name has a line of its own.
  const head = `  ${name}`;
  const own = head.length + 2 > indent;
  const rows = lines.map((line, i) => (i === 0 && !own ? head : '').padEnd(indent) + line);
  return (own ? [head, ...rows] : rows).map((line) => clip(line, width));
}

/** As many texts as so many lines hold, and how many are left. */
function filled(
  texts: readonly string[],
  room: number,
  separator: string,
  most: number,
): { lines: string[]; left: number } {
  const lines: string[] = [];
  for (const [at, text] of texts.entries()) {
    const last = lines.at(-1);
    const joined = last === undefined ? text : last + separator + text;
    if (last !== undefined && joined.length < room) lines[lines.length - 1] = joined;
    else if (lines.length === most) return { lines, left: texts.length - at };
    else {
      if (last !== undefined) lines[lines.length - 1] += separator.trimEnd();
      lines.push(text);
    }
  }
  return { lines, left: 0 };
}

/** The first texts, and how many there are behind them. */
function cut(
  texts: readonly string[],
  room: number,
  { more, separator }: { more: number; separator: string },
): { lines: string[] } {
  for (let count = texts.length - 1; ; count--) {
    const note = `… ${grouped(texts.length - count + more)} more`;
    const { lines, left } = filled([...texts.slice(0, count), note], room, separator, fewLines);
    if (left === 0 || count === 1) return { lines };
  }
}

/** Five digits. */
export function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(4) : value.toPrecision(5);
}

/** As people write it. */
export const plain = (value: number): string => String(Number(value.toPrecision(6)));
