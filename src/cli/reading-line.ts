/** One line that says how far a large file is read, in a terminal. */
import { basename } from 'node:path';
import { err, type Stream } from './console.ts';

/** Small files are read before anybody could read the line. */
const patience = 500;

export interface ReadingLine {
  show(file: string, done: number, total: number): void;
  stop(): void;
}

/** Reads something, and shows on stderr how far it is. The line is gone when that has ended, or failed. */
export async function whileReading<Read>(
  read: (progress: ReadingLine['show']) => Promise<Read>,
): Promise<Read> {
  const line = startReadingLine(err);
  try {
    return await read(line.show);
  } finally {
    line.stop();
  }
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
      to.write(`\r\x1b[K${line}`);
    },
    stop() {
      if (shown !== '') to.write('\r\x1b[K');
    },
  };
}
