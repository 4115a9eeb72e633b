/** Joins the folders of a sweep's shards into one. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { writeWhole } from '../run/write-whole.ts';
import { sweepFiles } from './folder.ts';
import type { TrialLine } from './trial.ts';
import { readTrials } from './trials-file.ts';

/**
 * Writes the trials of all parts into `out`, a new folder, which then is the folder of the whole sweep. The
 * parts must belong to the same sweep. If two parts trained the same trial, its bits must agree.
 */
export async function mergeShards(out: string, parts: readonly string[]): Promise<void> {
  const lines = new Map<string, { line: TrialLine; part: string }>();
  let sweep: string | undefined;
  for (const part of parts) {
    const file = join(part, sweepFiles.sweep);
    const text = await readFile(file, 'utf8').catch(() => {
      throw new LockstepError('checkpoint', {
        where: file,
        expected: 'the file of a sweep',
        got: 'no such file',
        hint: 'name folders that `train sweep --shard` wrote',
      });
    });
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
      if (twin && twin.line.weightsSha256 !== line.weightsSha256) {
        throw new LockstepError(
          'failed',
          `${line.run}: weights sha256 ${line.weightsSha256} in ${part}, ` +
            `${twin.line.weightsSha256} in ${twin.part}`,
        );
      }
      if (!twin) lines.set(line.id, { line, part });
    }
  }

  await createRunFolder(out, '', new Date());
  const sorted = [...lines.values()].sort(({ line: a }, { line: b }) => a.trial - b.trial || a.seed - b.seed);
  for (const { line, part } of sorted) {
    if (line.run === '') continue;
    await mkdir(join(out, line.run), { recursive: true });
    await cp(join(part, line.run), join(out, line.run), { recursive: true });
  }
  await writeWhole(join(out, sweepFiles.sweep), [sweep!]);
  const text = sorted.map(({ line }) => `${JSON.stringify(line)}\n`);
  await writeWhole(join(out, sweepFiles.trials), text);
}
