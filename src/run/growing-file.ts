/** A file that grows by lines or records. What cannot be written is kept, and written with the next line. */
import { open } from 'node:fs/promises';
import { notWritten } from './trouble.ts';

export interface GrowingFile {
  /** When this resolves, the lines are in the file. Rejects if they are not: the next call tries again. */
  append(more: string | Uint8Array): Promise<void>;
  /** Writes what is left, and flushes the file to the disk. */
  flush(): Promise<void>;
}

/**
 * Begins the file with this text.
 *
 * It is opened anew each time, so that a folder that has vanished is noticed. The place of each line is
 * known, so that one that was torn by a full disk is written again.
 */
export async function beginFile(path: string, text: string | Uint8Array): Promise<GrowingFile> {
  let length = 0;
  let pending: Buffer = bytesOf(text);
  let begun = false;
  const write = async (sync: boolean) => {
    const file = await open(path, begun ? 'r+' : 'w');
    try {
      begun = true;
      for (let done = 0; done < pending.length; ) {
        done += (await file.write(pending, done, pending.length - done, length + done)).bytesWritten;
      }
      length += pending.length;
      pending = Buffer.alloc(0);
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
  };
  await write(false).catch((error) => {
    throw notWritten(path, error);
  });
  return {
    append(more) {
      pending = Buffer.concat([pending, bytesOf(more)]);
      return write(false);
    },
    flush: () => write(true),
  };
}

const bytesOf = (text: string | Uint8Array): Buffer =>
  typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
