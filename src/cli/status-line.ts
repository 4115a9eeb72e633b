/** A line at the bottom of a terminal that says how far a command is, for work that keeps the thread busy. */
import { clip, type Stream } from './console.ts';

/** Milliseconds between two drawings. */
const interval = 100;

export interface StatusLine {
  /** Draws the text, if it is time. Cheap; call it as often as you like. */
  show(text: string): void;
  /** Erases the line, so that something lasting can be printed. */
  clear(): void;
}

/** In a pipe, nothing is shown. */
export function startStatusLine(to: Stream): StatusLine {
  let drawn = performance.now();
  let visible = false;
  return {
    show(text) {
      const now = performance.now();
      if (!to.live || now - drawn < interval) return;
      drawn = now;
      visible = true;
      to.write(`\r\u001b[K${clip(text, to.columns())}`);
    },
    clear() {
      if (visible) to.write('\r\u001b[K');
      visible = false;
    },
  };
}
