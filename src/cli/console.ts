/**
 * The terminal, or the pipe, that a command talks to: results on stdout, everything else on stderr.
 */
import { styleText } from 'node:util';
import { exitCodes } from '../foundation/errors.ts';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

export interface Stream {
  write(text: string): void;
  /** Prints a line. */
  line(text?: string): void;
  /** Styles a text where the reader is a terminal that wants colours; else gives it back as it is. */
  paint(style: Style, text: string): string;
  /** A person watches, so that a line may be written over. */
  readonly live: boolean;
  /** Columns of the terminal; 80 where nobody says. */
  columns(): number;
  /** Lines of the terminal; 24 where nobody says. */
  rows(): number;
}

function stream(to: NodeJS.WriteStream): Stream {
  const terminal = Boolean(to.isTTY) && process.env.TERM !== 'dumb';
  // https://no-color.org: set and not empty means no colours.
  const colours = terminal && !process.env.NO_COLOR;
  return {
    write: (text) => void to.write(text),
    line: (text = '') => void to.write(`${text}\n`),
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    live: terminal,
    // Some terminals say 0.
    columns: () => to.columns || 80,
    rows: () => to.rows || 24,
  };
}

export const out = stream(process.stdout);
export const err = stream(process.stderr);

/** What happens when the reader of stdout goes away (`train explain | head -1`): there is nothing left to do. */
let readerGone = (): void => process.exit(exitCodes.done);

// Without a listener Node would throw an EPIPE from an arbitrary place.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  readerGone();
});
// Nobody reads our complaints any more; there is nothing left to say.
process.stderr.on('error', () => {});

/** Calls back instead when the reader of stdout goes away: a training has something to save. */
export function onReaderGone(callback: () => void): void {
  readerGone = callback;
}

/**
 * Breaks a text at its separators so that it fits the columns; one line where it does anyway. What is too long even so is
 * broken between words.
 */
export function wrap(text: string, columns: number, separator = ' · '): string[] {
  const lines: string[] = [];
  for (const part of text.split(separator)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + part.length < columns) {
      lines[lines.length - 1] = last + separator + part;
    } else {
      lines.push(part);
    }
  }
  if (separator === ' ') return lines;
  return lines.flatMap((line) => (line.length < columns ? line : wrap(line, columns, ' ')));
}

/** Shortens a text to what fits a line of the terminal. */
export function clip(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
