/** Joins the folders of a sweep's shards into one. */
import { join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { copyRun, folderAt } from '../run/files-of-run.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { writeWhole } from '../run/write-whole.ts';
import { readSweepText, refuseLinks, sweepFiles } from './folder.ts';
import type { TrialLine } from './trial.ts';
import { trialText } from './trial-text.ts';
import { readTrials } from './trials-file.ts';

/** A training, and the part that it is in. */
interface Found {
  line: TrialLine;
  part: string;
}

/**
 * Writes the trials of all parts into `out`, a new folder, which then is the folder of the whole sweep. The
 * parts must belong to the same sweep. If two parts trained the same trial, its bits must agree.
 */
export async function mergeShards(out: string, parts: readonly string[]): Promise<void> {
  const lines = new Map<string, Found>();
  let sweep: string | undefined;
  for (const part of parts) {
    const file = join(part, sweepFiles.sweep);
    const text = await readSweepText(part);
    await refuseLinks(part);
    sweep ??= text;
    if (text !== sweep) {
      throw new LockstepError('usage', {
        where: file,
        expected: `the same sweep as in ${join(parts[0]!, sweepFiles.sweep)}`,
        got: 'another',
      });
    }
    for (const line of (await readTrials(join(part, sweepFiles.trials))).values()) {
      const twin = lines.get(line.id);
      if (twin) refuseDifference(twin, { line, part });
      if (line.run !== '' && (await folderAt(part, line.run)) === undefined) {
        throw new LockstepError('checkpoint', {
          where: join(part, line.run),
          expected: 'the folder of a training',
          got: 'no such folder',
        });
      }
      if (!twin) lines.set(line.id, { line, part });
    }
  }

  await createRunFolder(out, '', new Date());
  const sorted = [...lines.values()].sort(({ line: a }, { line: b }) => a.trial - b.trial || a.seed - b.seed);
  for (const { line, part } of sorted) {
    if (line.run === '') continue;
    await copyRun(part, out, line.run);
  }
  await writeWhole(join(out, sweepFiles.sweep), [sweep!]);
  const text = sorted.map(({ line }) => `${trialText(line)}\n`);
  await writeWhole(join(out, sweepFiles.trials), text);
}

/** Refuses trainings that should be the same, and came to other bits. */
function refuseDifference(a: Found, b: Found): void {
  const result = ({ line: { status, metric, history, weightsSha256 } }: Found) =>
    JSON.stringify([status, metric, history, weightsSha256]);
  if (result(a) === result(b)) return;
  const what = ({ line, part }: Found) =>
    `weights sha256 ${line.weightsSha256}, objective ${line.metric} in ${part}`;
  throw new LockstepError('failed', `${a.line.run}: expected one result, got ${what(a)}; ${what(b)}`);
}
