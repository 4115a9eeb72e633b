/**
 * How people write numbers in a column, if otherwise than programs do: 1,234.50, 1.234,50, 45 %, 7,50 €,
 * (0.52), with a sign that is no hyphen. A form holds for all cells of a column, or for none.
 *
 * 1,234 may be 1234 or 1.234. It is read only if the column or the rest of the table tells which.
 */

/** Plain data, which is kept with a network. */
export interface NumberForm {
  readonly decimal: '.' | ',';
  /** What stands between thousands; a space is a narrow or unbreakable one. */
  readonly group: '' | ',' | '.' | ' ' | "'";
  /** What stands in each cell before or behind the number: `%`, `$`, `EUR`. */
  readonly unit: string;
}

/** Bodies of numbers by decimal mark and mark of thousands; of forms that read a cell alike, the first. */
const bodies = (['.', ','] as const).flatMap((decimal) =>
  (['', decimal === '.' ? ',' : '.', ' ', "'"] as const).map((group) => {
    const [d, g] = [decimal === '.' ? '\\.' : ',', group === '.' ? '\\.' : group];
    const whole = group === '' ? '\\d+' : `(?:[1-9]\\d{0,2}(?:${g}\\d{3})+|\\d+)`;
    const fraction = `(?:${d}\\d*)?`;
    const exponent = group === '' ? '(?:e[+-]?\\d+)?' : '';
    const pattern = new RegExp(`^(?:${whole}${fraction}|${d}\\d+)${exponent}$`, 'i');
    return { decimal, group, pattern };
  }),
);

const signs = '$€£¥₹₩₽';
const codes = 'USD|EUR|GBP|CHF|JPY';
/** All else is no number in any form; most words end here. */
const maybe = new RegExp(
  `^[-+(\\u2212]?\\s*(?:[${signs}]|[A-Z]{3}\\s?)?` +
    "\\s*[-+(\\u2212]?[\\d.,][\\d.,'’\\s\\u2212e+-]*\\)?" +
    `\\s*(?:[%${signs}]|[A-Z]{3})?\\)?$`,
  'i',
);
const parts = new RegExp(
  `^(?<unit1>[${signs}]|(?:${codes})(?![a-z]))?` +
    '\\s*(?<sign>[-+]?)(?<body>.*?)' +
    `\\s*(?<unit2>[%${signs}]|${codes})?$`,
  'is',
);

interface Written {
  negative: boolean;
  /** Digits and marks, thousands separated by ' ' or "'" if by something like it. */
  body: string;
  unit: string;
}

/** Takes a cell apart; undefined if it is no number in any form. */
function writtenNumber(cell: string): Written | undefined {
  let text = cell.trim();
  if (!maybe.test(text)) return undefined;
  text = text.replaceAll('\u2212', '-');
  let negative = false;
  if (text.startsWith('(') && text.endsWith(')')) [negative, text] = [true, text.slice(1, -1).trim()];
  else if (/^[-+]/.test(text)) [negative, text] = [text.startsWith('-'), text.slice(1).trim()];
  const { unit1, sign, body, unit2 } = parts.exec(text)!.groups!;
  if ((unit1 && unit2) || (sign && (negative || /^[-+]/.test(cell.trim())))) return undefined;
  const marked = body!.replace(/[\u00a0\u202f\u2009]/g, '_').replaceAll('’', "'");
  if (/\s/.test(marked)) return undefined;
  return {
    negative: negative || sign === '-',
    body: marked.replaceAll('_', ' '),
    unit: (unit1 ?? unit2 ?? '').toUpperCase(),
  };
}

/** Whether a cell is a number in some form. */
export function looksLikeNumber(cell: string): boolean {
  const found = writtenNumber(cell);
  return found !== undefined && bodies.some(({ pattern }) => pattern.test(found.body));
}

/** Reads numbers of a form, without a unit only if the form has none; NaN for all else. */
export function formReader({ decimal, group, unit }: NumberForm): (cell: string) => number {
  const { pattern } = bodies.find((body) => body.decimal === decimal && body.group === group)!;
  return (cell) => {
    const found = writtenNumber(cell);
    if (!found || found.unit !== unit || !pattern.test(found.body)) return Number.NaN;
    const whole = group === '' ? found.body : found.body.replaceAll(group, '');
    const value = Number(whole.replace(',', '.'));
    return found.negative ? -value : value;
  };
}

/** What the cells of a column tell of their form. */
export interface FoundForm {
  /** Those that read all cells: with a decimal point, with a decimal comma. */
  point: NumberForm | undefined;
  comma: NumberForm | undefined;
  /** Whether the two differ in what they read. */
  differ: boolean;
}

/** Undefined: some cell is a word in any form, or there is none. Missing cells tell nothing. */
export function formsOf(
  cells: Iterable<string>,
  isMissing: (cell: string) => boolean,
): FoundForm | undefined {
  let unit: string | undefined;
  let left = bodies;
  let marks = false;
  for (const cell of cells) {
    if (isMissing(cell)) continue;
    const found = writtenNumber(cell);
    if (!found || (unit !== undefined && unit !== found.unit)) return undefined;
    unit = found.unit;
    left = left.filter(({ pattern }) => pattern.test(found.body));
    if (left.length === 0) return undefined;
    marks ||= /[.,]/.test(found.body);
  }
  if (unit === undefined) return undefined;
  const form = (wanted: '.' | ','): NumberForm | undefined => {
    const first = left.find(({ decimal }) => decimal === wanted);
    return first && { decimal: wanted, group: first.group, unit: unit! };
  };
  const [point, comma] = [form('.'), form(',')];
  return { point, comma, differ: marks && point !== undefined && comma !== undefined };
}

/** The decimal mark that a column tells for certain, if any. */
export function certainDecimal(found: FoundForm | undefined): '.' | ',' | undefined {
  if (!found || (found.point && found.comma)) return undefined;
  return found.point ? '.' : ',';
}

/** A whole number of more digits than a double holds: an account, not a measurement. */
export function isLongNumber(text: string): boolean {
  return /^\s*[+-]?\d{16,}\s*$/.test(text) && Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER;
}
