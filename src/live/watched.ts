/**
 * A training or a sweep of another process, followed by what lies in its folder. Nothing is written there.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Holder, holderOf, interrupt, isCertain } from '../run/lock.ts';
import type { LiveSource } from './source.ts';

export interface Watched {
  source: LiveSource;
  /**
   * Looks whether there is something new; called every second.
   *
   * @param due it will be shown, so it is worth reading
   */
  look(due: boolean): Promise<{ changed: boolean; report: string | undefined }>;
  /** Asks the process at work to stop. False: there is none, or nobody can be sure which it is. */
  stop(): Promise<boolean>;
}

/** Tells two states of some files apart, without reading them. */
export function stampOf(folder: string, names: readonly string[]): string {
  const stamps = names.map((name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found ? `${found.mtimeMs}:${found.size}:${found.ino}` : '';
  });
  return stamps.join('|');
}

export async function stopIn(folder: string): Promise<boolean> {
  const holder = await holderOf(folder);
  return holder !== undefined && interrupt(holder);
}

/** Who is at work, for people. */
export function workText(holder: Holder | undefined): { state: string; note: string; stoppable: boolean } {
  if (!holder) {
    const state = 'nobody is at work here';
    return { state, note: 'the process has ended or was killed', stoppable: false };
  }
  const note = `process ${holder.process} on ${holder.host}`;
  return { state: 'training', note, stoppable: isCertain(holder) };
}
