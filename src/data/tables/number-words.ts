/** Columns of words that look as if they were meant as numbers: refused, or told. */
import { LockstepError } from '../../foundation/errors.ts';
import type { Table, TableColumn } from '../formats/table.ts';

/** Of a column with this share of numbers, the other cells are mistakes. */
const nearlyAll = 0.9;
/** Fewer numbers say nothing. */
const fewestNumbers = 9;
/** So few different words may be classes, such as 0, 1, 2, 3+, if those that are no numbers are not rare. */
const fewWords = 20;
const rare = 0.05;

/**
 * Refuses a column that is read, if its words are numbers but for some, or numbers that can be read in two
 * ways.
 *
 * @throws LockstepError `data` with the line of the first
 */
export function refuseNumberWords(table: Table, at: number, asWords: string): void {
  const { kind, likeNumbers, firstWord, firstStrange, missing, words, name, long } = table.columns[at]!;
  const known = table.count - missing.count;
  if (kind !== 'word' || likeNumbers < nearlyAll * known) return;
  const column = JSON.stringify(name);
  const strange = firstStrange ?? (long === undefined ? undefined : { line: 0, text: long });
  if (!strange) {
    if (!firstWord) return; // Numbers that were said to be words.
    const text = firstWord.text.slice(0, 20);
    const [comma, point] = [`--set data.decimal=comma`, `--set data.decimal=point`];
    throw new LockstepError('data', {
      where: `${table.file}:${firstWord.line}`,
      expected: `numbers that are written alike in column ${column}, with a clear decimal mark`,
      got: JSON.stringify(text),
      hint: `say ${point} if 1.5 is one and a half, ${comma} if 1,5 is; or ${asWords}`,
    });
  }
  if (likeNumbers < fewestNumbers) return;
  if (words.length <= fewWords && known - likeNumbers >= rare * known) return;
  throw new LockstepError('data', {
    where: strange.line > 0 ? `${table.file}:${strange.line}` : table.file,
    expected: `a number in column ${column}, as in ${likeNumbers} of ${known} rows`,
    got: JSON.stringify(strange.text.slice(0, 40)),
    hint: `correct it, or leave the cell empty and say data.missing; ${asWords}`,
  });
}

/** `12:30`, `2024-01-31`, `5 kg`, `1 234` */
const begins = /^[-+(\u2212]?\s*(?:[$€£¥]\s*)?\d/;
const time = /^(?:\d{1,2}:\d{2}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b)/;

/** What is to be told of a column of words: that it looks like numbers, or times. */
export function wordsNote({ kind, words, name, long, firstStrange }: TableColumn): string | undefined {
  if (kind !== 'word' || words.length === 0) return undefined;
  const column = `column ${JSON.stringify(name)}`;
  const such = (text: string) => `such as ${JSON.stringify(text.slice(0, 40))}`;
  const tooLong = 'whole numbers of more digits than a number can hold';
  if (long !== undefined && !firstStrange) return `${column} has ${tooLong}, ${such(long)}: taken for words`;
  const some = words.slice(0, 100);
  const times = some.filter((word) => time.test(word)).length;
  if (times >= nearlyAll * some.length)
    return `${column} has times or dates, ${such(words[0]!)}: taken for words, not for numbers`;
  const numbers = some.filter((word) => begins.test(word)).length;
  if (numbers < nearlyAll * some.length || !firstStrange) return undefined;
  return `${column} looks like numbers, but for texts ${such(firstStrange.text)}: taken for words`;
}

/** `column "a": "1,234" is read as 1234` */
export function formNote({ name, written }: TableColumn): string | undefined {
  if (!written) return undefined;
  return `column ${JSON.stringify(name)}: ${JSON.stringify(written.text)} is read as ${written.value}`;
}
