/**
 * trials.jsonl: one line of JSON for each training that has ended. The file only grows, and the last line
 * about a training counts.
 *
 * A line is flushed to the disk before the sweep goes on. If a sweep is killed while it writes, the last line
 * is torn. It is cut off when the file is opened again, and its training runs again.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { readText } from '../platform/files.ts';
import { flushFolder } from '../run/write-whole.ts';
import type { TrialLine } from './trial.ts';
import { parseTrial, trialText } from './trial-text.ts';

export interface TrialsFile {
  /** The lines of the file, by the training's id. */
  known: ReadonlyMap<string, TrialLine>;
  /**
   * When this resolves, the line is on the disk. If it rejects, the line is written before the next one, or
   * when the file is closed.
   *
   * @throws LockstepError `failed` if the disk does not take it
   */
  append(line: TrialLine): Promise<void>;
  /** Lines that the disk has not taken yet. */
  unsaved(): number;
  /** @throws LockstepError `failed` if the folder is gone, or another one is in its place */
  check(): Promise<void>;
  /** @throws LockstepError `failed` if lines are left that the disk does not take */
  close(): Promise<void>;
}

/** Opens the file to continue it, or begins a new one. */
export async function openTrials(path: string): Promise<TrialsFile> {
  checkText('path', path, 'the path of trials.jsonl');
  const file = await open(path, 'a+').catch((error: Error) => {
    throw new LockstepError('failed', `${path}: cannot be written: ${error.message}`);
  });
  let known: Map<string, TrialLine>;
  /** Bytes of whole lines. */
  let size: number;
  try {
    await flushFolder(dirname(path));
    if (!(await file.stat()).isFile()) throw new LockstepError('checkpoint', `${path}: no ordinary file`);
    const text = await file.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    known = fold(whole, path);
    size = Buffer.byteLength(whole);
    if (whole.length < text.length) await file.truncate(size);
  } catch (error) {
    await file.close();
    throw error;
  }
  const waiting: TrialLine[] = [];
  /** The file may end in a part of a line. */
  let torn = false;
  const flush = async () => {
    for (let line = waiting[0]; line; line = waiting[0]) {
      try {
        if (torn) await file.truncate(size);
        torn = true;
        size += await write(file, line);
        torn = false;
      } catch (error) {
        throw new LockstepError('failed', `${path}: cannot be written: ${(error as Error).message}`);
      }
      waiting.shift();
    }
  };
  let last: Promise<void> = Promise.resolve();
  // One after the other, because two writes at once could mix their bytes.
  const inTurn = (job: () => Promise<void>) => {
    last = last.catch(() => {}).then(job);
    return last;
  };
  return {
    known,
    append(line) {
      known.set(line.id, line);
      waiting.push(line);
      return inTurn(flush);
    },
    unsaved: () => waiting.length,
    async check() {
      const [here, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
      if (there && here.ino === there.ino && here.dev === there.dev) return;
      throw new LockstepError('failed', `${dirname(path)}: the folder is gone, so the sweep ends`);
    },
    close: () =>
      inTurn(async () => {
        try {
          await flush();
        } finally {
          if (torn) await file.truncate(size).catch(() => {});
          await file.close();
        }
      }),
  };
}

/** Reads the file of another sweep, without a torn last line. */
export async function readTrials(path: string): Promise<ReadonlyMap<string, TrialLine>> {
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    throw new LockstepError('checkpoint', {
      where: path,
      expected: 'the trials of a sweep',
      got: error.code === 'ENOENT' ? 'no such file' : error.message,
      hint: 'name a folder that `train sweep` wrote',
    });
  });
  return fold(text.slice(0, text.lastIndexOf('\n') + 1), path);
}

/** Returns the number of bytes that were written. */
async function write(file: FileHandle, line: TrialLine): Promise<number> {
  const bytes = Buffer.from(`${trialText(line)}\n`);
  await file.appendFile(bytes);
  await file.datasync();
  return bytes.length;
}

/** The last line about each training. */
function fold(text: string, path: string): Map<string, TrialLine> {
  const lines = new Map<string, TrialLine>();
  let sealed = false;
  for (const [index, content] of text.split('\n').slice(0, -1).entries()) {
    const found = parseTrial(content);
    // A version that writes digests is not followed by one that does not.
    const fault = 'fault' in found ? found.fault : sealed && !found.sealed ? 'one without its digest' : '';
    if ('fault' in found || fault !== '') {
      throw new LockstepError('checkpoint', {
        where: `${path}:${index + 1}`,
        expected: 'a trial as JSON',
        got: fault,
        hint: 'remove the line, and its training runs again',
      });
    }
    sealed ||= found.sealed;
    lines.set(found.line.id, found.line);
  }
  return lines;
}
