/** Where a sweep's page leads: to the trainings in its folder, as far as they are there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../../run/run-files.ts';
import { sweepFiles } from '../folder.ts';
import type { TrialResult } from '../trial.ts';

export interface SweepLinks {
  /** To a training's own page, or else to its folder; by its path in the sweep's folder. */
  runs: ReadonlyMap<string, string>;
  /** To the pages of the winner's runs, by what they are called. */
  winner: readonly { name: string; to: string }[];
}

export const noLinks: SweepLinks = { runs: new Map(), winner: [] };

/**
 * Trainings of a sweep leave no page, but `train report FOLDER/trials/ID` writes one.
 *
 * @param seeds of the winner's runs, if they were judged
 */
export function linksIn(
  folder: string,
  trials: readonly TrialResult[],
  seeds: readonly number[],
): SweepLinks {
  const runs = new Map<string, string>();
  for (const { run } of trials.flatMap(({ lines }) => lines)) {
    if (run === '' || !existsSync(join(folder, run))) continue;
    const page = `${run}/${runFiles.report}`;
    runs.set(run, existsSync(join(folder, page)) ? page : `${run}/`);
  }
  const best = sweepFiles.bestRun;
  const pages =
    seeds.length === 1
      ? [{ name: 'report', to: `${best}/${runFiles.report}` }]
      : seeds.map((seed) => ({
          name: `report of seed ${seed}`,
          to: `${best}/seed-${seed}/${runFiles.report}`,
        }));
  return { runs, winner: pages.filter(({ to }) => existsSync(join(folder, to))) };
}
