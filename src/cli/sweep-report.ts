/** `train report SWEEP`: writes the page of a sweep again, with all trials that have ended. */
import { join } from 'node:path';
import { datasetDigest } from '../data/digest.ts';
import { refuseLinks, sweepFiles } from '../sweep/folder.ts';
import { knownResults } from '../sweep/pull.ts';
import { winnerOf } from '../sweep/ranking.ts';
import { makeTrial } from '../sweep/trial.ts';
import { readTrials } from '../sweep/trials-file.ts';
import { earlierJudgement } from '../sweep/winner.ts';
import { writeSweepReport } from '../sweep/write-report.ts';
import { warn } from './console.ts';
import { openDataOf } from './open-data.ts';
import { openSweepOf } from './open-sweep.ts';

/** Writes the page. Returns its path. */
export async function reportSweep(folder: string): Promise<string> {
  await refuseLinks(folder);
  const file = await openSweepOf(folder);
  const dataSha256 = datasetDigest(await openDataOf(file.base.experiment));
  const results = knownResults(file, await readTrials(join(folder, sweepFiles.trials)), dataSha256);
  const best = winnerOf(file.sweep.objective, results);
  const trial = best && makeTrial(file, best.number, best.parameters, dataSha256);
  const judged = trial && (await earlierJudgement(trial, best, { folder, objective: file.sweep.objective }));
  if (judged && !judged.summaries && judged.fault !== undefined) {
    warn(`the report has no test figures: ${judged.fault}`);
  }
  await writeSweepReport(folder, file.sweep, results, judged?.summaries ?? []);
  return join(folder, sweepFiles.report);
}
