/** Lines at the bottom of a terminal that are redrawn again and again. */
import { stripVTControlCharacters } from 'node:util';
import { clip, type Stream } from './console.ts';

export interface LiveLines {
  /** Erases the lines, so that something lasting can be printed. */
  clear(): void;
  stop(): void;
}

const interval = 100;

/** Draws the result of `lines` ten times a second. Does nothing if the stream is no terminal. */
export function startLiveLines(to: Stream, lines: () => readonly string[]): LiveLines {
  if (!to.live) return { clear() {}, stop() {} };
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) to.write(`${'\u001b[1A\u001b[2K'.repeat(drawn)}\r`);
    drawn = 0;
  };
  const draw = () => {
    const now = lines().map((line) => `${fitted(line, to.columns())}\n`);
    clear();
    to.write(now.join(''));
    drawn = now.length;
  };
  const timer = setInterval(draw, interval);
  return {
    clear,
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

/** The line as it is if it fits without its colours, and otherwise cut, and without them. */
function fitted(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length < columns ? line : clip(plain, columns);
}
