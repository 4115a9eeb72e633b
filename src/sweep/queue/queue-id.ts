/**
 * The name of a sweep in queues. It lies in the sweep's folder as long as something of the sweep may lie in a
 * queue, so that a sweep that was killed finds its own trainings again, on whatever machine it goes on.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../../platform/files.ts';
import { writeWhole } from '../../run/write-whole.ts';
import { sweepFiles } from '../folder.ts';

/** The name that is there, or a new one. */
export async function queueId(folder: string): Promise<string> {
  const file = join(folder, sweepFiles.queue);
  const text = await readText(file).catch(() => '');
  const known = /^([0-9a-f]{32})\n$/.exec(text)?.[1];
  if (known !== undefined) return known;
  const id = randomBytes(16).toString('hex');
  await writeWhole(file, [`${id}\n`]);
  return id;
}

/** Nothing of the sweep lies in a queue any more. */
export async function forgetQueueId(folder: string): Promise<void> {
  await rm(join(folder, sweepFiles.queue), { force: true });
}
