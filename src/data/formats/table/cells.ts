/** What the text of a cell means: a number, a word, or that there is no value. */

/** Cells that mean that there is no value, as other programs write them, beside the empty cell. */
export const missingWords: readonly string[] = [
  ...['NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'NAN', '-nan', '-NaN'],
  ...['null', 'NULL', 'Null', 'None', '?', '-'],
];

const decimalNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinity = /^[+-]?inf(?:inity)?$/i;

const space = 32;
const zero = 48;
const nine = 57;

/**
 * The number that a cell holds, with spaces around it or not; NaN if it holds no decimal number. `inf` is
 * infinite, as is 1e999. What only JavaScript takes for a number (nothing, 0x1F, 0b1) is none.
 */
export function numberOf(text: string): number {
  const value = +text;
  if (Number.isFinite(value)) {
    const first = text.charCodeAt(0);
    const prefixed = first === zero && text.charCodeAt(1) > nine;
    if (first > space && first <= nine && !prefixed) return value;
  }
  return rareNumber(text.trim());
}

function rareNumber(text: string): number {
  if (decimalNumber.test(text)) return Number(text);
  if (!infinity.test(text)) return Number.NaN;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The same for a decimal comma. A point in it may separate thousands, so `1.234` is no number there. */
export function numberWithComma(text: string): number {
  return text.includes('.') ? Number.NaN : numberOf(text.replace(',', '.'));
}

/** Reads numbers with this decimal mark, but none of those that mean that there is no value, such as -999. */
export function numberReader(decimal: '.' | ',', missing: readonly string[] = []): (text: string) => number {
  const read = decimal === ',' ? numberWithComma : numberOf;
  const none = new Set(missing.filter((word) => !Number.isNaN(read(word))));
  if (none.size === 0) return read;
  return (text) => (none.has(text.trim()) ? Number.NaN : read(text));
}
