/**
 * The rows of a table to which another process appends. Only what is new is read, so that following a long
 * training takes no longer the longer it goes on. If the last line that was read is no longer where it was,
 * the table has been begun anew, and is read from its beginning.
 */
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { LockstepError } from '../foundation/errors.ts';

export interface GrowingRows<Row> {
  /** All that were read so far. */
  readonly rows: Row[];
  /**
   * Reads what is new. False: there is nothing.
   *
   * @throws LockstepError if it cannot be read, or is no table; the rows are then as they were
   */
  look(): Promise<boolean>;
}

/** @param parse reads a table with its header; a last line without its end does not come to it */
export function growingRows<Row>(
  file: string,
  parse: (file: string, text: string) => Row[],
): GrowingRows<Row> {
  let rows: Row[] = [];
  let header = '';
  /** Bytes of whole lines that were read, and the last of these lines. */
  let [end, last] = [0, ''];
  /** Bytes that the file had then. */
  let size = 0;
  return {
    get rows() {
      return rows;
    },
    async look() {
      const now = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (now === size) return false;
      const again = end > 0 ? await linesFrom(file, end - last.length) : '';
      const grows = end > 0 && again.startsWith(last);
      const news = grows ? again.slice(last.length) : await linesFrom(file, 0);
      const found = parse(file, grows ? header + news : news);
      if (grows) for (const row of found) rows.push(row);
      else [rows, header, end] = [found, news.slice(0, news.indexOf('\n') + 1), 0];
      size = now;
      end += news.length;
      if (news !== '') last = news.slice(news.lastIndexOf('\n', news.length - 2) + 1);
      return news !== '' || !grows;
    },
  };
}

/** The whole lines from a byte on, a byte as a letter; nothing if there is no file. */
async function linesFrom(file: string, from: number): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const bytes = Buffer.alloc(Math.max(0, (await handle.stat()).size - from));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      const text = bytes.toString('latin1', 0, bytesRead);
      return text.slice(0, text.lastIndexOf('\n') + 1);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new LockstepError('checkpoint', `${file}: cannot be read: ${(error as Error).message}`);
  }
}
