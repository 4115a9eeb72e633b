/**
 * The terminal or pipe of a command: results go to stdout, everything else goes to stderr.
 */
import { styleText } from 'node:util';
import { exitCodes } from '../foundation/errors.ts';
import { forTerminal } from '../foundation/visible.ts';
import { reasonOf } from '../run/trouble.ts';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

export interface Stream {
  write(text: string): void;
  /** Prints a line. */
  line(text?: string): void;
  /** Styles a text if the reader is a terminal with colours. Otherwise returns it unchanged. */
  paint(style: Style, text: string): string;
  /** The reader is a terminal, so a line may be overwritten. */
  readonly live: boolean;
  /** Columns of the terminal; 80 if unknown. */
  columns(): number;
  /** Lines of the terminal; 24 if unknown. */
  rows(): number;
}

/** Nothing is printed, because another rank speaks. */
let hushed = false;

/** Lets another rank speak, or speaks again. */
export function hush(quiet = true): void {
  hushed = quiet;
}

function stream(to: NodeJS.WriteStream, failed: (error: NodeJS.ErrnoException) => void): Stream {
  // Node writes to files at once, and throws what goes wrong.
  const write = (text: string) => {
    if (hushed) return;
    try {
      to.write(forTerminal(text));
    } catch (error) {
      failed(error as NodeJS.ErrnoException);
    }
  };
  const terminal = Boolean(to.isTTY) && process.env.TERM !== 'dumb';
  // https://no-color.org: if NO_COLOR is set and not empty, no colours.
  const colours = terminal && !process.env.NO_COLOR;
  return {
    write,
    line: (text = '') => write(`${lineOf(text)}\n`),
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    live: terminal,
    // Some terminals report 0.
    columns: () => to.columns || 80,
    rows: () => to.rows || 24,
  };
}

/** One line, with empty lines before it if it begins with them: a file's name may hold a line feed. */
function lineOf(text: string): string {
  const [empty] = /^\n*/.exec(text)!;
  return empty + forTerminal(text.slice(empty.length), '\t');
}

export const out = stream(process.stdout, (error) => notPrinted(error));
export const err = stream(process.stderr, () => {});

/** Prints a warning. */
export function warn(text: string): void {
  tell('warning ', 'yellow', text);
}

/** Prints what is wrong with what the user asked for. */
export function complain(text: string): void {
  tell('train: ', 'red', text);
}

/** Prints a message, in a terminal broken between words. A pipe gets one line. */
function tell(head: string, style: Style, given: string): void {
  const text = forTerminal(given, '\t');
  const lines = err.live ? wrap(text, err.columns() - head.length, ' ') : [text];
  for (const [index, line] of lines.entries()) {
    err.line((index === 0 ? err.paint(style, head) : ' '.repeat(head.length)) + line);
  }
}

/** Prints a message and a command to copy; in a terminal that has no room for both, in lines of their own. */
export function tellCommand(text: string, command: string): void {
  const both = `${text}; ${command}`;
  const lines = err.live && both.length >= err.columns() ? [`${text};`, command] : [both];
  for (const line of lines) err.line(line);
}

/** Called when the reader of stdout goes away (`train explain | head -1`). By default the command ends. */
let readerGone = (): void => process.exit(exitCodes.done);

/** Why results could not be printed, if they could not: the command then fails, but ends its work first. */
let unprinted: string | undefined;

/** A disk that is full must not end a training: what it prints is lost, and is told of once. */
function notPrinted(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') {
    readerGone();
    return;
  }
  if (unprinted === undefined) err.line(`train: stdout: cannot be written: ${reasonOf(error)}`);
  unprinted = error.message;
  process.exitCode = exitCodes.failed;
}

process.on('exit', () => {
  if (unprinted !== undefined && !process.exitCode) process.exitCode = exitCodes.failed;
});

// Without a listener, Node would throw the error from an arbitrary place.
process.stdout.on('error', notPrinted);
// If nobody reads stderr any more, messages are dropped.
process.stderr.on('error', () => {});

/** Sets the callback for a reader of stdout that goes away, because a training has something to save. */
export function onReaderGone(callback: () => void): void {
  readerGone = callback;
}

/**
 * Breaks a text at its separators into lines that fit the columns. Parts that are still too long are broken
 * between words.
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

/** Shortens a text so that it fits a line of the terminal. */
export function clip(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
