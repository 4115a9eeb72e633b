/** Joins the parts of a sweep. */
import { join } from 'node:path';
import { datasetDigest } from '../data/digest.ts';
import { exitCodes } from '../foundation/errors.ts';
import { sweepFiles } from '../sweep/folder.ts';
import { mergeShards } from '../sweep/merge.ts';
import { createProposals } from '../sweep/proposals.ts';
import { makeTrial } from '../sweep/trial.ts';
import { readTrials } from '../sweep/trials-file.ts';
import { called } from './called.ts';
import { err } from './console.ts';
import { openDataOf } from './open-data.ts';
import { openSweepOf } from './open-sweep.ts';
import { runSweepFile } from './run-sweep.ts';

/** Joins the folders of shards in a new folder, and judges the winner if no trial is missing. */
export async function mergeFolders(out: string, part: readonly string[]): Promise<void> {
  await mergeShards(out, part);
  const command = `${called} sweep ${join(out, sweepFiles.sweep)} --out ${out}`;
  const missing = await missingTrials(out);
  if (missing > 0) {
    err.line(`${missing} trials are in none of the parts; \`${command}\` trains them and judges the winner`);
    process.exitCode = exitCodes.failed;
    return;
  }
  // All trials are known, so this only ranks them and judges the winner.
  await runSweepFile({ experiment: join(out, sweepFiles.sweep), out });
}

/** Number of trials of the sweep that are missing in its folder. */
async function missingTrials(folder: string): Promise<number> {
  const file = await openSweepOf(folder);
  const dataSha256 = datasetDigest(await openDataOf(file.base.experiment));
  const known = await readTrials(join(folder, sweepFiles.trials));
  const proposals = createProposals(file.sweep);
  let missing = 0;
  for (let number = 1; ; number++) {
    const parameters = proposals.next([], []);
    if (!parameters) return missing;
    const { runs } = makeTrial(file, number, parameters, dataSha256);
    if (!runs.every(({ id }) => known.has(id))) missing++;
  }
}
