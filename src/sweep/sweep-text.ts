/**
 * The text of sweep.yaml in a sweep's folder. Its first line, a comment, says that we wrote it, and has a
 * digest of the rest. So a file of somebody else is not taken for ours, and a changed one is found.
 */
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { SweepFile } from './read.ts';

const first = /^# Written by `train sweep`; sha256 of the lines below: ([0-9a-f]{64})\n/;

/** The sweep with every setting. */
export function sweepText({ sweep, written }: SweepFile): string {
  const block = { ...sweep.block, name: sweep.name, metric: sweep.objective };
  const text = stringify({ ...written, sweep: block }, { lineWidth: 0 });
  return `# Written by \`train sweep\`; sha256 of the lines below: ${digestOf(text)}\n${text}`;
}

/** Whether a text is as we wrote it, was changed, or has no such first line: that of others, or of 0.1.0. */
export function sealOf(text: string): 'whole' | 'changed' | 'none' {
  const [line, digest] = first.exec(text) ?? [];
  if (line === undefined) return 'none';
  return digestOf(text.slice(line.length)) === digest ? 'whole' : 'changed';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
