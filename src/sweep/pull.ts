/** The trials of a sweep in their order, and their known results. */
import { isOf, type Shard } from './events.ts';
import { reaches } from './objective.ts';
import { createProposals } from './proposals.ts';
import type { Sweep, SweepFile } from './read.ts';
import type { Parameters } from './space.ts';
import { faultLine, makeTrial, resultOf, type Trial, type TrialLine, type TrialResult } from './trial.ts';

/** Whether later trials depend on earlier results. If they do, batches are decided at once. */
export function looksAtResults({ early, method, objective }: Sweep): boolean {
  return early !== undefined || method === 'bayes' || objective.target !== undefined;
}

export interface Pull {
  proposals: ReturnType<typeof createProposals>;
  results: readonly TrialResult[];
  first: number;
  most: number;
  dataSha256: string;
  shard: Shard | undefined;
}

/** The trials of a batch. Each is made only when it is needed. */
export function* pull(
  file: SweepFile,
  { proposals, results, first, most, dataSha256, shard }: Pull,
): Generator<Trial> {
  const known = [...results];
  const pending: Parameters[] = [];
  for (let number = first; number < first + most; number++) {
    const parameters = proposals.next(known, pending);
    if (!parameters) return;
    pending.push(parameters);
    if (shard && !isOf(shard, number)) continue;
    yield makeTrial(file, number, parameters, dataSha256);
  }
}

/**
 * The results of all trials that have ended, without training any: the result of a sweep so far.
 *
 * @param known the last line about each training, by its id
 */
export function knownResults(
  file: SweepFile,
  known: ReadonlyMap<string, TrialLine>,
  dataSha256: string,
): TrialResult[] {
  return replay(file, known, dataSha256).results;
}

/** The same, and whether no trial of the sweep is missing. */
export function replay(
  file: SweepFile,
  known: ReadonlyMap<string, TrialLine>,
  dataSha256: string,
): { results: TrialResult[]; complete: boolean } {
  const { sweep } = file;
  const decides = looksAtResults(sweep);
  const most = decides ? sweep.batch : Number.POSITIVE_INFINITY;
  const proposals = createProposals(sweep);
  const results: TrialResult[] = [];
  for (let first = 1; ; first += sweep.batch) {
    let made = 0;
    const batch: TrialResult[] = [];
    for (const trial of pull(file, { proposals, results, first, most, dataSha256, shard: undefined })) {
      made++;
      const lines =
        trial.fault === undefined ? trial.runs.map(({ id }) => known.get(id)) : [faultLine(trial)];
      if (lines.every((line) => line !== undefined)) batch.push(resultOf(trial, lines));
    }
    results.push(...batch);
    const reached = batch.some(
      ({ status, value }) => status === 'finished' && reaches(sweep.objective, value),
    );
    const complete = batch.length === made;
    if (!decides || reached || batch.length === 0 || !complete) return { results, complete };
  }
}
