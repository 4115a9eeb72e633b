/** Lines at the bottom of the terminal that are written over while a person watches. */
import { clip, type Stream } from './console.ts';

export interface LiveLines {
  /** Takes the lines away, so that something lasting can be printed. */
  clear(): void;
  stop(): void;
}

const interval = 100;

/** Draws what `lines` gives ten times a second; does nothing where nobody watches. */
export function startLiveLines(to: Stream, lines: () => readonly string[]): LiveLines {
  if (!to.live) return { clear() {}, stop() {} };
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) to.write(`${'\u001b[1A\u001b[2K'.repeat(drawn)}\r`);
    drawn = 0;
  };
  const draw = () => {
    const now = lines().map((line) => `${clip(line, to.columns())}\n`);
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
