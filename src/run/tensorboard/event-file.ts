/** A file of events that grows: `events.out.tfevents.<seconds>.lockstep`. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beginFile, type GrowingFile } from '../growing-file.ts';
import { fileVersion } from './events.ts';
import { joined } from './protobuf.ts';
import { recordOf } from './record.ts';

/** Whether a file is one of events: ours, or that of another program. */
export const isEventFile = (name: string): boolean => name.startsWith('events.out.tfevents.');

/** Seconds in the name of one of our files. */
const secondsIn = (name: string) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0);

/** The event files of a folder, the oldest first; none if there is no folder. */
export async function eventFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(isEventFile).sort();
}

export const recordsOf = (events: readonly Uint8Array[]): Uint8Array => joined(...events.map(recordOf));

export interface EventFile extends Pick<GrowingFile, 'flush'> {
  path: string;
  /** When this resolves, the events are in the file. If it rejects, the next call writes them too. */
  add(...events: readonly Uint8Array[]): Promise<void>;
}

/**
 * Begins a new file, whose name sorts after those of the other event files in the folder: TensorBoard reads
 * them in this order.
 */
export async function beginEvents(folder: string, now: number): Promise<EventFile> {
  const newest = Math.max(0, ...(await eventFilesIn(folder)).map(secondsIn));
  const seconds = Math.max(Math.floor(now), newest + 1);
  const path = join(folder, `events.out.tfevents.${String(seconds).padStart(10, '0')}.lockstep`);
  const file = await beginFile(path, recordsOf([fileVersion(now)]));
  return { path, add: (...events) => file.append(recordsOf(events)), flush: file.flush };
}
