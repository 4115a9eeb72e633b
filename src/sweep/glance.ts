/** What the folder of a sweep came to so far: enough for a line in a list. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { LockstepError } from '../foundation/errors.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import { blank, type Glance, lastWritten } from '../run/glance.ts';
import { isBusy } from '../run/lock.ts';
import { type RunSummary, readSummary } from '../run/summary.ts';
import { readSweepText, sweepFiles } from './folder.ts';
import { figureName, isObjective, type Objective, usualGoal } from './objective.ts';
import { winnerOf } from './ranking.ts';
import { resultOf, type TrialLine } from './trial.ts';
import { readTrials } from './trials-file.ts';

/** Undefined: the folder is of something else. Never throws for what is in it. */
export async function glanceAtSweep(folder: string): Promise<Glance | undefined> {
  if (!existsSync(join(folder, sweepFiles.trials)) || !existsSync(join(folder, sweepFiles.sweep))) {
    return undefined;
  }
  const nothing = blank(folder, 'sweep', lastWritten(folder, Object.values(sweepFiles)));
  const busy = await isBusy(folder);
  try {
    return { ...(await ofSweep(nothing)), ...(busy ? { state: 'running' as const } : {}) };
  } catch (error) {
    const trouble = error instanceof LockstepError ? error.message : `${folder}: ${(error as Error).message}`;
    return { ...nothing, state: 'damaged', trouble };
  }
}

async function ofSweep(nothing: Glance): Promise<Glance> {
  const { folder } = nothing;
  const { name, objective } = settingsIn(await readSweepText(folder), folder);
  const lines = [...(await readTrials(join(folder, sweepFiles.trials))).values()];
  const trials = new Map<number, TrialLine[]>();
  for (const line of lines) trials.set(line.trial, [...(trials.get(line.trial) ?? []), line]);
  const results = [...trials].map(([number, of]) =>
    resultOf({ number, parameters: of[0]!.parameters, runs: [] }, of),
  );
  const winner = winnerOf(objective, results);
  const figure = figureName(objective);
  const judged: RunSummary[] = [];
  for (const run of winnersRuns(folder)) judged.push(...[(await readSummary(run)) ?? []].flat());
  const tests = judged.flatMap(({ test }) => (test?.[figure] as number | undefined) ?? []);
  return {
    ...nothing,
    name,
    state: concluded(folder) ? 'finished' : 'resumable',
    parts: { done: results.length, of: concluded(folder) ? results.length : null },
    figure,
    validation: winner?.value ?? null,
    test: tests.length > 0 ? meanAndDeviation(tests).mean : null,
    weightsSha256: judged[0]?.weightsSha256 ?? null,
  };
}

/** The winner's run, or one for each seed. */
function winnersRuns(folder: string): string[] {
  const best = join(folder, sweepFiles.bestRun);
  const seeds = existsSync(best) ? readdirSync(best).filter((name) => /^seed-\d+$/.test(name)) : [];
  return seeds.length > 0 ? seeds.sort().map((name) => join(best, name)) : [best];
}

/** Every conclusion writes the page, after the last trial. */
function concluded(folder: string): boolean {
  const age = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return age(sweepFiles.report) > 0 && age(sweepFiles.report) >= age(sweepFiles.trials);
}

/** The name and the objective: `train sweep` has written both. */
function settingsIn(text: string, folder: string): { name: string; objective: Objective } {
  const { name, sweep } = (parse(text) ?? {}) as {
    name?: unknown;
    sweep?: { metric?: { name?: unknown; goal?: unknown } };
  };
  const metric = sweep?.metric?.name;
  if (typeof metric !== 'string' || !isObjective(metric)) {
    throw new LockstepError('checkpoint', {
      where: join(folder, sweepFiles.sweep),
      expected: 'a sweep with its metric',
      got: JSON.stringify(metric) ?? 'none',
      hint: 'the file is damaged',
    });
  }
  const goal = sweep?.metric?.goal;
  return {
    name: typeof name === 'string' ? name : folder,
    objective: { name: metric, goal: goal === 'minimize' || goal === 'maximize' ? goal : usualGoal(metric) },
  };
}
