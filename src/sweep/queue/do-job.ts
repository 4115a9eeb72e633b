/** A worker trains what a job asks for, keeps the job meanwhile, and gives back what it came to. */
import { type Experiment, fingerprint } from '../../experiment/experiment.ts';
import { readExperiment } from '../../experiment/read.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { version } from '../../platform/version.ts';
import type { Carry } from '../carry.ts';
import type { EpochReport, Outcome } from '../run-training.ts';
import type { LocalSchedule } from '../schedule.ts';
import type { TakenJob, WorkPlace } from './broker.ts';
import { type JobMessage, messageText, parseMessage, type ResultMessage } from './messages.ts';

/** Bytes of the largest state that travels: three times the weights, with Adam. */
export const mostState = 33_554_432;

/** Milliseconds between two times that a job is kept; it may be missed some times before it is another's. */
const keepEvery = 2500;
/** Milliseconds between two words about how far it is. */
const tellEvery = 400;

export interface JobHelp {
  place: WorkPlace;
  /** The sweep's id. */
  sweep: string;
  schedule: LocalSchedule;
  /** This worker's name. */
  worker: string;
  /** What it hears. */
  onBegin(job: JobMessage): void;
  onEpoch(job: JobMessage, report: EpochReport): void;
  onAgain(job: JobMessage, reason: string): void;
}

/** How a job ended for this worker. */
export type JobResult =
  | { kind: 'done'; job: JobMessage; result: ResultMessage }
  /** It is another's now, or is not wanted any more. */
  | { kind: 'dropped'; job: JobMessage }
  | { kind: 'abandoned'; job: JobMessage }
  /** It is no job of ours. */
  | { kind: 'strange'; why: string };

export async function doJob(taken: TakenJob, help: JobHelp): Promise<JobResult> {
  const read = readJob(taken.text);
  if ('why' in read) {
    await taken.done(messageText(refusal(help.worker)));
    return { kind: 'strange', why: read.why };
  }
  const { job, experiment } = read;
  help.onBegin(job);
  const outcome = await trainJob(taken, job, experiment, help);
  if (outcome === 'lost') return { kind: 'dropped', job };
  if (outcome.kind === 'abandoned') return { kind: 'abandoned', job };
  const result = await resultOf(outcome, taken.id, job, help);
  return (await taken.done(messageText(result))) ? { kind: 'done', job, result } : { kind: 'dropped', job };
}

/** Something that the sweep sees to be no result. */
function refusal(name: string) {
  return { kind: 'worker', name, version, beat: 0, doing: 'refuses', why: 'no job of this version' } as const;
}

function readJob(text: unknown): { job: JobMessage; experiment: Experiment } | { why: string } {
  const job = parseMessage('job', text);
  if (!job) return { why: 'it is no job of this version' };
  if (job.version !== version) return { why: `it is of Lockstep ${job.version}, and this is ${version}` };
  try {
    const name = `trial ${job.trial}`;
    const { experiment } = readExperiment(job.experiment, { file: name, name });
    const digest = fingerprint(experiment);
    if (digest === job.fingerprint) return { job, experiment };
    return { why: `its experiment has the fingerprint ${digest}, not ${job.fingerprint}` };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { why: error.message };
  }
}

/** Trains. Resolves to `lost` if the job is another's meanwhile. */
async function trainJob(
  taken: TakenJob,
  job: JobMessage,
  experiment: Experiment,
  help: JobHelp,
): Promise<Outcome | 'lost'> {
  const { place, sweep, schedule, worker } = help;
  const from = job.from === null ? undefined : await place.getState(sweep, job.from);
  const carry: Carry = { most: mostState, ...(from ? { from } : {}) };
  let lost = false;
  let newest: EpochReport | undefined;
  const training = schedule.start(
    { id: job.run, seed: experiment.seed, experiment },
    {
      ...{
        trial: job.trial,
        folder: '',
        name: '',
        threads: job.threads ?? undefined,
        session: undefined,
        carry,
      },
      onRunning() {},
      onEpoch(report) {
        newest = report;
        help.onEpoch(job, report);
      },
      onProgress() {},
      onAgain: (reason) => help.onAgain(job, reason),
    },
  );
  let asks = false;
  const keeper = setInterval(async () => {
    // While the queue cannot be reached, one question is enough.
    if (asks) return;
    asks = true;
    // Who takes the next job hears of it if this is given up.
    const ours = await taken.keep().catch(() => true);
    asks = false;
    lost ||= !ours;
    if (lost) training.abandon();
  }, keepEvery);
  const teller = setInterval(() => {
    if (!newest) return;
    const { epoch, epochs, value } = newest;
    newest = undefined;
    taken.progress({ kind: 'progress', worker, epoch, epochs, value }).catch(() => {});
  }, tellEvery);
  try {
    const standing = await training.advance(job.until ?? Number.POSITIVE_INFINITY);
    if (lost) return 'lost';
    if (standing.kind === 'waiting') throw new Error('a training for another machine waits');
    return standing;
  } finally {
    clearInterval(keeper);
    clearInterval(teller);
  }
}

async function resultOf(
  outcome: Exclude<Outcome, { kind: 'abandoned' }>,
  id: string,
  job: JobMessage,
  { place, sweep, worker }: JobHelp,
): Promise<ResultMessage> {
  const { carried, ...plain } = outcome;
  const { waits = false, epochs = 0, rows = [], summary = null, state } = carried ?? {};
  const kept = state !== undefined && (await place.putState(sweep, id, state));
  const { unwritten: _, ...end } = { unwritten: undefined, ...plain };
  return {
    ...{ kind: 'result', version, worker, run: job.run, epochs, waits, rows, summary },
    outcome: end,
    state: kept ? id : null,
  };
}
