/** A trial: a point of the space, and the trainings that judge it. */
import { createHash } from 'node:crypto';
import { type Experiment, fingerprint } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import type { SweepFile } from './read.ts';
import type { Point } from './run-training.ts';
import type { Parameters } from './space.ts';

/** One training of a trial. */
export interface TrialRun {
  /** Its name: a digest of the resolved experiment and the data. */
  id: string;
  seed: number;
  experiment: Experiment;
}

export interface Trial {
  /** Its number in the sweep, counted from 1. */
  number: number;
  parameters: Parameters;
  /** One for each seed; none if the values of the point do not fit together. */
  runs: readonly TrialRun[];
  /** Why they do not. */
  fault?: string;
}

export type Status = 'finished' | 'stopped' | 'failed';

/** The result of a trial, over all of its seeds. */
export interface TrialResult {
  number: number;
  parameters: Parameters;
  status: Status;
  /** Epochs of its shortest training. */
  epochs: number;
  /** Mean of the objective over the seeds; NaN for a trial that failed. */
  value: number;
  /** Standard deviation over the seeds; 0 for one. */
  deviation: number;
  lines: readonly TrialLine[];
}

/** A line of trials.jsonl: one training that has ended. */
export interface TrialLine {
  trial: number;
  id: string;
  parameters: Parameters;
  seed: number;
  status: Status;
  /** Epochs done. */
  epochs: number;
  /** The objective of its weights; null if the training failed. */
  metric: number | null;
  /** The objective at each evaluation. */
  history: readonly Point[];
  weightsSha256: string | null;
  /** Its folder, relative to the sweep's. */
  run: string;
  /** Why it failed. */
  message?: string;
  seconds: number;
}

/** Makes the trial of a point. If the values do not fit together, the trial fails. */
export function makeTrial(
  { sweep, resolve }: SweepFile,
  number: number,
  parameters: Parameters,
  dataSha256: string,
): Trial {
  let experiment: Experiment;
  try {
    experiment = resolve(parameters).experiment;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { number, parameters, runs: [], fault: error.message };
  }
  const runs = Array.from({ length: sweep.seeds }, (_, i): TrialRun => {
    const one = { ...experiment, seed: experiment.seed + i };
    return { id: identityOf(one, parameters, dataSha256), seed: one.seed, experiment: one };
  });
  return { number, parameters, runs };
}

/**
 * The name of a training: a digest of all that determines its bits. Settings of `execution` change no bits,
 * but if a sweep varies one, the name includes it, because the rows must differ.
 */
export function identityOf(experiment: Experiment, parameters: Parameters, dataSha256: string): string {
  const execution = Object.entries(parameters).filter(([path]) => path.startsWith('execution.'));
  const parts = { fingerprint: fingerprint(experiment), data: dataSha256, execution };
  return digestOf(parts);
}

/** The line of a trial that cannot be made. */
export function faultLine({ number, parameters, fault = '' }: Trial): TrialLine {
  return {
    trial: number,
    id: digestOf(parameters),
    parameters,
    seed: 0,
    status: 'failed',
    epochs: 0,
    metric: null,
    history: [],
    weightsSha256: null,
    run: '',
    message: fault,
    seconds: 0,
  };
}

function digestOf(parts: object): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Sums up the trainings of a trial. */
export function resultOf({ number, parameters }: Trial, lines: readonly TrialLine[]): TrialResult {
  const statuses = lines.map(({ status }) => status);
  const status = statuses.includes('failed')
    ? 'failed'
    : statuses.includes('stopped')
      ? 'stopped'
      : 'finished';
  const { mean, deviation } = meanAndDeviation(lines.map(({ metric }) => metric ?? Number.NaN));
  const epochs = Math.min(...lines.map(({ epochs }) => epochs));
  return { number, parameters, status, epochs, value: mean, deviation, lines };
}
