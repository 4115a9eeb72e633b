/**
 * trials.jsonl: one line of JSON for each training that has ended. The file only grows, and the last line
 * about a training counts.
 *
 * A line is flushed to the disk before the sweep goes on. If a sweep is killed while it writes, the last line
 * is torn. It is cut off when the file is opened again, and its training runs again.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { TrialLine } from './trial.ts';

export interface TrialsFile {
  /** The lines of the file, by the training's id. */
  known: ReadonlyMap<string, TrialLine>;
  /** When this resolves, the line is on the disk. */
  append(line: TrialLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens the file to continue it, or begins a new one. */
export async function openTrials(path: string): Promise<TrialsFile> {
  checkText('path', path, 'the path of trials.jsonl');
  const file = await open(path, 'a+');
  let known: Map<string, TrialLine>;
  try {
    const text = await file.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    known = fold(whole, path);
  } catch (error) {
    await file.close();
    throw error;
  }
  let last: Promise<void> = Promise.resolve();
  return {
    known,
    append(line) {
      known.set(line.id, line);
      // One after the other, because two writes at once could mix their bytes.
      last = last.then(() => write(file, line));
      return last;
    },
    close: () => last.catch(() => {}).then(() => file.close()),
  };
}

/** Reads the file of another sweep, without a torn last line. */
export async function readTrials(path: string): Promise<ReadonlyMap<string, TrialLine>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new LockstepError('checkpoint', {
      where: path,
      expected: 'the trials of a sweep',
      got: 'no such file',
      hint: 'name a folder that `train sweep` wrote',
    });
  });
  return fold(text.slice(0, text.lastIndexOf('\n') + 1), path);
}

async function write(file: FileHandle, line: TrialLine): Promise<void> {
  await file.appendFile(`${JSON.stringify(line)}\n`);
  await file.datasync();
}

/** The last line about each training. */
function fold(text: string, path: string): Map<string, TrialLine> {
  const lines = new Map<string, TrialLine>();
  for (const [index, content] of text.split('\n').slice(0, -1).entries()) {
    let line: Partial<TrialLine> | undefined;
    try {
      line = JSON.parse(content);
    } catch {
      // Reported below.
    }
    const { id, status, history, run } = line ?? {};
    // The path must not lead out of the sweep's folder: `train sweep merge` copies the runs that lines name.
    const inside = typeof run === 'string' && /^(trials\/\w+)?$/.test(run);
    if (typeof id !== 'string' || typeof status !== 'string' || !Array.isArray(history) || !inside) {
      throw new LockstepError('checkpoint', {
        where: `${path}:${index + 1}`,
        expected: 'a trial as JSON',
        got: content.length > 40 ? `${content.slice(0, 37)}...` : JSON.stringify(content),
        hint: 'remove the line, and its training runs again',
      });
    }
    lines.set(id, line as TrialLine);
  }
  return lines;
}
