/** The contents of a sweep's page. */
import type { RunSummary } from '../../run/summary.ts';
import { figureText } from '../figure-text.ts';
import { ranked } from '../ranking.ts';
import type { Sweep } from '../read.ts';
import { type Dimension, sizeOf } from '../space.ts';
import type { TrialResult } from '../trial.ts';
import { noLinks, type SweepLinks } from './links.ts';

export interface SweepFacts {
  sweep: Sweep;
  /** The text of sweep.yaml. */
  text: string;
  /** The trials, the best first. */
  trials: readonly TrialResult[];
  winner: TrialResult | undefined;
  /** The winner's runs, one for each seed, with their figures on the test set. */
  judged: readonly RunSummary[];
  links: SweepLinks;
}

export function factsOf(
  sweep: Sweep,
  text: string,
  results: readonly TrialResult[],
  judged: readonly RunSummary[],
  links: SweepLinks = noLinks,
): SweepFacts {
  const trials = ranked(sweep.objective, results);
  const winner = trials[0]?.status === 'finished' ? trials[0] : undefined;
  return { sweep, text, trials, winner, judged, links };
}

/** The parameters that have more than one value. */
export function varied({ dimensions }: Sweep): Dimension[] {
  return dimensions.filter((dimension) => sizeOf(dimension) > 1);
}

/** A trial in a few words: `trial 3: 98.10 %`. */
export function trialName({ sweep: { objective } }: SweepFacts, { number, value }: TrialResult): string {
  return `trial ${number}: ${figureText(objective, value)}`;
}

/** A trial in one line: `trial 3: 98.10 %, finished, optimizer.learningRate 0.1`. */
export function trialText(facts: SweepFacts, trial: TrialResult): string {
  const settings = Object.entries(trial.parameters).map(([path, one]) => `${path} ${JSON.stringify(one)}`);
  return [trialName(facts, trial), trial.status, ...settings].join(', ');
}

/** The style of a trial's line or dot. */
export function classOf({ winner }: SweepFacts, trial: TrialResult): string {
  return trial === winner ? 'winner' : trial.status;
}
