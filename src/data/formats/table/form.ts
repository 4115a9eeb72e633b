/**
 * The form of a table, found by a look at its first rows: what stands between its cells, its decimal mark,
 * and whether the first row holds names.
 */
import { numberOf, numberReader } from './cells.ts';
import { looksLikeNumber } from './number-form.ts';

/** Most lines that are looked at. */
const sampleLines = 1000;

/** If several would do, the first one does: a comma may be a decimal comma, and stands in many words. */
const candidates = ['\t', ';', '|', ','] as const;

/** The delimiter that a first line `sep=;` names, as Excel understands it. */
const named = /^sep=([^\n])\n/i;

/** The delimiter that the file itself names, and its text with an empty line instead. */
export function namedDelimiter(text: string): { delimiter: string | undefined; text: string } {
  const delimiter = named.exec(text)?.[1];
  return { delimiter, text: delimiter === undefined ? text : text.replace(named, '\n') };
}

/** A name for people. */
export function delimiterName(delimiter: string): string {
  return { ',': 'a comma', '\t': 'a tab', ' ': 'spaces' }[delimiter] ?? `"${delimiter}"`;
}

/**
 * Finds the delimiter of a text: what stands equally often in each of its lines, outside of quotes. If its
 * last line is not `complete`, that line does not count.
 */
export function findDelimiter(text: string, complete: boolean): string {
  const lines = sampleOf(text, complete);
  let best = ',';
  let bestShare = 0.5;
  for (const candidate of candidates) {
    const share = agreement(lines.map((line) => line.counts[candidate]!));
    if (share > bestShare) [best, bestShare] = [candidate, share];
  }
  if ((bestShare > 0.5 && best !== '\t') || lines.length < 2) return best;
  // Aligned by spaces, with a tab here and there: then numbers with spaces between stand before the tab.
  const aligned = lines.every(({ text }) => best !== '\t' || numbersInOne.test(text));
  const cells = lines.map(
    ({ text }) =>
      text
        .replace(/"[^"]*"/g, 'x')
        .trim()
        .split(/[ \t]+/).length - 1,
  );
  return aligned && agreement(cells) === 1 ? ' ' : best;
}

/** Several numbers in what would be one cell. */
const numbersInOne = /^ *(?:[\d.?+-]+ +)+[\d.?+-]+ *\t/;

/** The share of lines that have the most frequent count, if that is not 0. */
function agreement(counts: number[]): number {
  const frequency = new Map<number, number>();
  for (const count of counts) frequency.set(count, (frequency.get(count) ?? 0) + 1);
  const [count, lines] = [...frequency].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  return count === 0 ? 0 : lines / counts.length;
}

interface SampleLine {
  text: string;
  /** How often each candidate stands in it outside of quotes. */
  counts: Record<string, number>;
}

/** The first lines that are not empty. An end of line in a quoted cell does not end one. */
function sampleOf(text: string, complete: boolean): SampleLine[] {
  const lines: SampleLine[] = [];
  let start = 0;
  let quoted = false;
  let counts = noCounts();
  const add = (end: number) => {
    const line = text.slice(start, end);
    if (line.trim() !== '') lines.push({ text: line, counts });
    start = end + 1;
    counts = noCounts();
  };
  for (let at = 0; at < text.length && lines.length < sampleLines; at++) {
    const character = text[at]!;
    // Only at the beginning of a cell does a quote open one: 5" is a length.
    if (character === '"') quoted = !quoted && (at === start || text[at - 1]! in counts);
    else if (quoted) continue;
    else if (character === '\n') add(at);
    else if (character in counts) counts[character]!++;
  }
  if (lines.length < sampleLines && (complete || lines.length === 0)) add(text.length);
  return lines;
}

function noCounts(): Record<string, number> {
  return { '\t': 0, ';': 0, '|': 0, ',': 0 };
}

const commaNumber = /^\s*[+-]?\d*,\d+(?:e[+-]?\d+)?\s*$/i;
const pointNumber = /^\s*[+-]?\d*\.\d+(?:e[+-]?\d+)?\s*$/i;
const pointThousands = /^\s*[+-]?[1-9]\d{0,2}(?:\.\d{3})+\s*$/;
const thousands = /^\s*[+-]?[1-9]\d{0,2}(?:,\d{3})+\s*$/;

/**
 * Finds the decimal mark of rows. 1,500 may be one and a half, or fifteen hundred: only with a cell such as
 * 1,5 or 0,125 among them are they decimal commas.
 */
export function findDecimal(rows: string[][], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.';
  let [commas, points, certain] = [0, 0, false];
  for (const cells of rows.slice(0, sampleLines)) {
    for (const cell of cells) {
      if (commaNumber.test(cell)) {
        commas++;
        certain ||= !thousands.test(cell);
      } else if (pointNumber.test(cell) && !pointThousands.test(cell)) points++;
    }
  }
  return certain && commas > points ? ',' : '.';
}

/** Finds whether the first row holds the names of the columns. */
export function findHeader(
  rows: string[][],
  decimal: '.' | ',',
  isMissing: (cell: string) => boolean,
): boolean {
  const [first = [], ...others] = rows.slice(0, sampleLines);
  const names = first.map((cell) => cell.trim());
  if (countsUp(names)) return true;
  const plain = numberReader(decimal);
  // In any form, only whether it is a number matters here.
  const read = (cell: string) => {
    const value = plain(cell);
    return Number.isNaN(value) && looksLikeNumber(cell) ? 0 : value;
  };
  // Columns below which numbers stand, by what their first cell is.
  let [words, numbers] = [0, 0];
  // A header may be repeated.
  const rest = others.filter((cells) => cells.some((cell, i) => cell.trim() !== names[i]));
  for (const [i, name] of names.entries()) {
    const below = rest.map((cells) => cells[i] ?? '').filter((cell) => !isMissing(cell));
    if (below.length === 0 || below.some((cell) => Number.isNaN(read(cell)))) continue;
    if (!Number.isNaN(read(name))) numbers++;
    else if (!isMissing(name)) words++;
  }
  if (words === 0 && numbers === 0) return areUnlikeCells(names, others, read);
  return words > 0 && words >= numbers ? true : countOn(names) && hasNewWord(names, rest, read);
}

/** Whether these are 0, 1, 2, ..., as pandas names columns that have no names, with or without its index. */
function countsUp(names: string[]): boolean {
  const index = names[0] === '' ? 1 : 0;
  const numbered = names.slice(index);
  return numbered.length >= (index === 1 ? 2 : 5) && numbered.every((name, i) => name === `${i}`);
}

/** Whether three or more of these are numbers, each one more than that before it, such as years. */
function countOn(names: string[]): boolean {
  const numbers = names.map(numberOf).filter((value) => !Number.isNaN(value));
  return numbers.length > 2 && numbers.every((value, i) => value === numbers[0]! + i);
}

/** Whether one of these is a word that does not stand below itself. */
function hasNewWord(names: string[], others: string[][], read: (text: string) => number): boolean {
  return names.some(
    (name, i) =>
      name !== '' && Number.isNaN(read(name)) && !others.some((cells) => cells[i]?.trim() === name),
  );
}

/** In a table without a column of numbers: names differ, and none of them stands below itself. */
function areUnlikeCells(names: string[], others: string[][], read: (text: string) => number): boolean {
  if (names.some((name) => name === '' || !Number.isNaN(read(name)))) return false;
  if (new Set(names).size < names.length) return false;
  return !others.some((cells) => cells.some((cell, i) => cell.trim() === names[i]));
}
