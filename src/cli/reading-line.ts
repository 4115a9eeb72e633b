/** One line that says how far a large file is read, in a terminal. */
import { basename } from 'node:path';
import type { Stream } from './console.ts';

/** Small files are read before anybody could read the line. */
const patience = 500;

export interface ReadingLine {
  show(file: string, done: number, total: number): void;
  stop(): void;
}

/** The line replaces itself. In a pipe, nothing is shown. */
export function startReadingLine(to: Stream): ReadingLine {
  const begun = performance.now();
  let shown = '';
  return {
    show(file, done, total) {
      if (!to.live || performance.now() - begun < patience || total === 0) return;
      const line = `reading ${basename(file)} ${Math.min(100, Math.floor((100 * done) / total))} %`;
      if (line === shown) return;
      shown = line;
      to.write(`\r\x1b[2K${line}`);
    },
    stop() {
      if (shown !== '') to.write('\r\x1b[2K');
    },
  };
}
