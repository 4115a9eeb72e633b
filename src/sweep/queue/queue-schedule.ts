/**
 * Trains the trials of a sweep on other machines. It stands in the place of schedule.ts: the sweep decides,
 * records and writes as ever, and only its trainings travel.
 *
 * A training that has come to a rung is over for its worker. What it comes to if it ends there is brought at
 * once; if it goes on, that is another job, with the state that the first left in the queue, or from the
 * beginning. The bits are the same.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../../data/dataset.ts';
import { canonicalText, type Experiment, fingerprint } from '../../experiment/experiment.ts';
import { version } from '../../platform/version.ts';
import type { Objective } from '../objective.ts';
import type { Outcome } from '../run-training.ts';
import type { Placement, Schedule, Standing, Training } from '../schedule.ts';
import { beginFiles, type TrainingFiles } from '../training-files.ts';
import type { TrialRun } from '../trial.ts';
import type { SweepQueue } from './broker.ts';
import { type JobMessage, protocol, type ResultMessage, type SweepMessage } from './messages.ts';
import { type QueueNote, seenWorkers } from './seen-workers.ts';
import { waitingJobs } from './waiting-jobs.ts';

export interface QueueScheduleOptions {
  queue: SweepQueue;
  name: string;
  /** The sweep's experiment, which says how the data is opened. */
  experiment: Experiment;
  dataset: Dataset;
  dataSha256: string;
  objective: Objective;
  /** Trainings that lie in the queue at once. */
  parallel: number;
  tell(note: QueueNote): void;
}

/** Milliseconds between two looks into the queue. */
const often = 250;
/** How many of them lie between two looks at who is at work, signs of life, looks for what was forgotten. */
const looks = { follow: 2, announce: 12, workers: 8, restore: 12 } as const;
/** Milliseconds in which the queue may be cleared at the end. */
const grace = 10_000;

export function createQueueSchedule(options: QueueScheduleOptions): Schedule {
  const { queue, parallel, tell } = options;
  const begun = queue.removeWaiting();
  const jobs = waitingJobs(queue, begun);
  const workers = seenWorkers(tell);
  const message = announcementOf(options);
  let abandoned = false;
  let failure: unknown;
  let largeTold = false;
  const over = new AbortController();
  const watching = watch().catch((error: unknown) => {
    abandoned = true;
    failure = error;
    jobs.abandon(error);
  });

  return {
    parallel,
    start: (run, placement) => training(run, placement),
    share() {},
    abandon() {
      abandoned = true;
      jobs.abandon();
    },
    async close() {
      abandoned = true;
      over.abort();
      const end = new AbortController();
      const late = sleep(grace, undefined, { signal: end.signal }).catch(() => {});
      const clear = async () => {
        await watching;
        // What failed is out of reach, or another's now.
        if (failure === undefined) await queue.clear();
      };
      await Promise.race([clear().catch(() => {}), late]);
      end.abort();
    },
  };

  /** Looks into the queue until the sweep is over. */
  async function watch(): Promise<void> {
    await begun;
    for (let look = 0; !over.signal.aborted; look++) {
      if (look % looks.announce === 0) await queue.announce(message);
      await jobs.collect();
      if (look % looks.follow === 0) await jobs.follow();
      if (look % looks.workers === 0) workers.look(await queue.workers());
      if (look % looks.restore === 1) await jobs.restore();
      await sleep(often, undefined, { signal: over.signal }).catch(() => {});
    }
  }

  function training(run: TrialRun, placement: Placement): Training {
    const { experiment } = run;
    const text = canonicalText(experiment);
    let files: TrainingFiles | undefined;
    /** What the training came to so far. */
    let last: ResultMessage | undefined;
    let seconds = 0;
    let step = 0;
    let told = 0;

    const take = async (result: ResultMessage) => {
      last = result;
      const { outcome, rows, epochs, waits } = result;
      seconds += outcome.seconds;
      files ??= await beginFiles({ ...placement, experiment, dataset: options.dataset });
      for (const row of rows) {
        // A part that began again has the rows of those before.
        if (row.step <= step) continue;
        step = row.step;
        await files.add(row);
      }
      const latest = outcome.history.at(-1)?.[0];
      for (const [epoch, value] of outcome.history) {
        if (epoch <= told) continue;
        told = epoch;
        placement.onEpoch({ epoch, epochs, value, waiting: waits && epoch === latest });
      }
    };
    const finish = async (): Promise<Outcome> => {
      const { outcome, summary } = last!;
      const took = Number(seconds.toFixed(3));
      if (outcome.kind === 'failed' || !summary) {
        await files!.failed();
        const { history } = outcome;
        const message = outcome.kind === 'failed' ? outcome.message : 'its worker brought no summary';
        return { kind: 'failed', history, message, seconds: took };
      }
      const unwritten = await files!.end({ ...summary, seconds: took });
      return { ...outcome, seconds: took, ...(unwritten === undefined ? {} : { unwritten }) };
    };
    const job = (until: number): JobMessage => ({
      ...{ kind: 'job', version, trial: placement.trial, run: run.id, experiment: text },
      fingerprint: fingerprint(experiment),
      until: Number.isFinite(until) ? until : null,
      threads: placement.threads ?? null,
      from: last?.state ?? null,
    });

    return {
      async advance(until): Promise<Standing> {
        if (failure !== undefined) throw failure;
        if (abandoned) return { kind: 'abandoned' };
        // It had ended at the rung, because it got no better.
        if (last?.outcome.kind === 'ended' && !last.outcome.stopped) return finish();
        const id = `${run.id}-${Number.isFinite(until) ? until : 'end'}`;
        const end = await jobs.train(id, job(until), {
          onRunning: () => placement.onRunning(),
          onProgress: ({ epoch, epochs, value }) => placement.onProgress({ epoch, epochs, value }),
          onAgain: (reason) => placement.onAgain(reason),
        });
        if (!end) return { kind: 'abandoned' };
        if (end.kind === 'lost') {
          await files?.failed();
          const history = last?.outcome.history ?? [];
          return { kind: 'failed', history, message: end.reason, seconds: Number(seconds.toFixed(3)) };
        }
        await take(end);
        if (!end.waits) return finish();
        if (end.state === null && end.outcome.kind === 'ended' && end.outcome.stopped && !largeTold) {
          largeTold = true;
          tell({ kind: 'large' });
        }
        return { kind: 'waiting' };
      },
      async stop() {
        return last ? finish() : { kind: 'abandoned' };
      },
    };
  }
}

function announcementOf(options: QueueScheduleOptions): SweepMessage {
  const { name, objective, dataSha256, experiment } = options;
  return {
    ...{ kind: 'sweep', protocol, version, name, objective, dataSha256 },
    owner: `${hostname()}:${process.pid}:${Date.now()}`,
    host: hostname(),
    began: Date.now(),
    experiment: canonicalText(experiment),
  };
}
