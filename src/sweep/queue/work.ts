/**
 * A worker: finds sweeps at an address, takes their trainings, several at once, and gives back what they came
 * to. It decides nothing and writes no files. It yields events and touches no console.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../../data/dataset.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { version } from '../../platform/version.ts';
import { createChannel } from '../channel.ts';
import type { EpochReport } from '../run-training.ts';
import { createSchedule, type LocalSchedule } from '../schedule.ts';
import { admission, type OpenData } from './admission.ts';
import type { FoundSweep, TakenJob, WorkPlace } from './broker.ts';
import { doJob } from './do-job.ts';
import type { JobMessage, ResultMessage, SweepMessage } from './messages.ts';

export interface WorkOptions {
  place: WorkPlace;
  /** What sweeps call this worker: `host:process`. */
  name: string;
  /** Cores to be used. */
  threads: number;
  /** Trainings at once. */
  parallel: number;
  openData: OpenData;
  /**
   * Milliseconds without a sweep after which it ends; undefined: it waits for the next. A server that has
   * forgotten everything is told again of its sweeps within some seconds.
   */
  untilEmpty: number | undefined;
  signal: AbortSignal;
}

export type WorkEvent =
  /** The worker helps a sweep, or does so no longer: the sweep is over, or its process is gone. */
  | { kind: 'sweep' | 'over'; sweep: SweepMessage }
  /** It may not help this one. */
  | { kind: 'refused'; sweep: SweepMessage; error: LockstepError }
  | { kind: 'begin'; sweep: SweepMessage; job: JobMessage }
  | { kind: 'epoch'; sweep: SweepMessage; job: JobMessage; report: EpochReport }
  | { kind: 'again'; sweep: SweepMessage; job: JobMessage; reason: string }
  | { kind: 'done'; sweep: SweepMessage; job: JobMessage; result: ResultMessage }
  /** Somebody else trains it now, or nobody wants it any more. */
  | { kind: 'dropped'; sweep: SweepMessage; job: JobMessage }
  /** The worker ends, and others may have the job. */
  | { kind: 'back'; sweep: SweepMessage; job: JobMessage }
  | { kind: 'strange'; sweep: SweepMessage; why: string };

/** Milliseconds: looks for sweeps; for a job, if there was none; signs of life. */
const surveyEvery = 1000;
const askEvery = 300;
const beatEvery = 4000;
/** Without a job for so long, free cores help the trainings at work. */
const idleAfter = 2000;
/** A worker that is to end when no sweep is left waits so long for the first. */
const firstPatience = 60_000;
/** In which jobs may be given back when it ends. */
const grace = 2000;

interface Known {
  id: string;
  message: SweepMessage;
  /** Somebody decides and records: it is worth while to take more of it. */
  lives: boolean;
  /** Undefined: refused. */
  dataset: Dataset | undefined;
  /** Why it is refused. */
  error: LockstepError | undefined;
  schedule: LocalSchedule | undefined;
}

interface AtWork {
  known: Known;
  taken: TakenJob;
  job: JobMessage | undefined;
  end: Promise<void>;
}

/**
 * Works until the signal, or until nothing is left if that was asked for.
 *
 * @throws LockstepError if there are only sweeps that this worker may not help; `failed` if the queue cannot
 *   be reached for too long
 */
export async function* work(options: WorkOptions): AsyncGenerator<WorkEvent, void> {
  const events = createChannel<WorkEvent>();
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const done = run({ ...options, signal }, (event) => events.push(event)).then(
    () => events.close(),
    (error) => events.close(error),
  );
  try {
    yield* events;
  } finally {
    left.abort();
    await done;
  }
}

async function run(options: WorkOptions, emit: (event: WorkEvent) => void): Promise<void> {
  const { place, name, parallel, threads, untilEmpty, signal } = options;
  const { admit } = admission(options.openData);
  const sweeps = new Map<string, Known>();
  const atWork = new Set<AtWork>();
  const begun = performance.now();
  let beats = 0;
  let had = false;
  let emptySince = Number.POSITIVE_INFINITY;
  let wake = () => {};
  let failure: unknown;
  const beat = setInterval(() => {
    beats++;
    for (const known of sweeps.values()) tellOf(known).catch(() => {});
  }, beatEvery);
  // A job that waits to be given back is noticed at once.
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
        wake();
      },
      { once: true },
    );
  });
  try {
    await Promise.race([seek(), stopped]);
  } finally {
    clearInterval(beat);
    await within(grace, leave());
  }

  /** Looks for sweeps and jobs until it is told to stop. */
  async function seek(): Promise<void> {
    let surveyed = Number.NEGATIVE_INFINITY;
    let idleSince = performance.now();
    while (!signal.aborted) {
      if (failure !== undefined) throw failure;
      if (performance.now() - surveyed >= surveyEvery) {
        const refused = await survey(await place.sweeps());
        surveyed = performance.now();
        if (isOver()) return;
        for (const { message: sweep, error } of refused) emit({ kind: 'refused', sweep, error: error! });
      }
      if (atWork.size >= parallel) {
        await pause(askEvery);
        continue;
      }
      if (await takeOne()) {
        idleSince = performance.now();
        continue;
      }
      if (performance.now() - idleSince > idleAfter)
        for (const { schedule } of sweeps.values()) schedule?.share();
      await pause(askEvery);
    }
  }

  /** Waits, but no longer than until a job ends, or the worker has to. */
  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Takes a job of the oldest sweep that has one. */
  async function takeOne(): Promise<boolean> {
    for (const known of sweeps.values()) {
      if (!known.dataset || !known.lives || signal.aborted) continue;
      const taken = await place.take(known.id);
      if (!taken) continue;
      if (signal.aborted) {
        // It came while the worker left.
        await taken.giveBack().catch(() => {});
        return false;
      }
      begin(known, taken);
      return true;
    }
    return false;
  }

  function begin(known: Known, taken: TakenJob): void {
    const { message: sweep } = known;
    const one: AtWork = { known, taken, job: undefined, end: Promise.resolve() };
    known.schedule ??= createSchedule({
      ...{ dataset: known.dataset!, dataSha256: sweep.dataSha256, objective: sweep.objective },
      ...{ threads, parallel, most: parallel },
    });
    atWork.add(one);
    one.end = doJob(taken, {
      ...{ place, sweep: known.id, schedule: known.schedule, worker: name },
      onBegin(job) {
        one.job = job;
        emit({ kind: 'begin', sweep, job });
      },
      onEpoch: (job, report) => emit({ kind: 'epoch', sweep, job, report }),
      onAgain: (job, reason) => emit({ kind: 'again', sweep, job, reason }),
    })
      .then((end) => {
        if (end.kind === 'abandoned') return;
        emit({ sweep, ...end });
      })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        atWork.delete(one);
        wake();
      });
  }

  /** Learns which sweeps there are now. Returns those that are refused from now on. */
  async function survey(found: readonly FoundSweep[]): Promise<Known[]> {
    const living = new Map(found.map(({ id, message }) => [id, message]));
    for (const [id, known] of [...sweeps]) {
      const now = living.get(id);
      known.lives = now !== undefined;
      if (now && isSame(now, known.message)) {
        // Another process may go on with it.
        known.message = now;
        continue;
      }
      // A training of it may still come to its end: its result is good for whoever goes on with the sweep.
      if (!now && [...atWork].some((one) => one.known === known)) continue;
      sweeps.delete(id);
      known.schedule?.abandon();
      await known.schedule?.close();
      await place.forget(id);
      if (known.dataset) emit({ kind: 'over', sweep: known.message });
    }
    const refused: Known[] = [];
    for (const { id, message } of found) {
      if (sweeps.has(id) || signal.aborted) continue;
      const nothing = { dataset: undefined, error: undefined, schedule: undefined };
      const known: Known = { id, message, lives: true, ...nothing };
      try {
        known.dataset = await admit(message);
      } catch (error) {
        if (!(error instanceof LockstepError)) throw error;
        known.error = error;
      }
      sweeps.set(id, known);
      had = true;
      if (known.error) refused.push(known);
      else emit({ kind: 'sweep', sweep: message });
      await tellOf(known);
    }
    return refused;
  }

  function isOver(): boolean {
    if (atWork.size > 0) {
      emptySince = Number.POSITIVE_INFINITY;
      return false;
    }
    const all = [...sweeps.values()];
    const [refused] = all.flatMap(({ error }) => error ?? []);
    if (refused && all.every(({ error }) => error)) throw refused;
    const now = performance.now();
    emptySince = all.length > 0 ? Number.POSITIVE_INFINITY : Math.min(emptySince, now);
    if (untilEmpty === undefined || all.length > 0) return false;
    return now - (had ? emptySince : begun) >= (had ? untilEmpty : firstPatience);
  }

  function tellOf(known: Known): Promise<void> {
    const trains = [...atWork].some((one) => one.known === known);
    const doing = known.error ? 'refuses' : trains ? 'trains' : 'waits';
    const why = known.error?.message ?? '';
    return place.tell(known.id, { kind: 'worker', name, version, beat: beats, doing, why });
  }

  /** Gives all jobs back, and leaves. */
  async function leave(): Promise<void> {
    const back = [...atWork].map(async ({ known, taken, job }) => {
      await taken.giveBack().catch(() => {});
      if (job) emit({ kind: 'back', sweep: known.message, job });
    });
    for (const { schedule } of sweeps.values()) schedule?.abandon();
    await Promise.all(back);
    await Promise.all(
      [...sweeps.values()].map(async (known) => {
        if (known.error) return;
        const message = { kind: 'worker', name, version, beat: beats, doing: 'waits', why: '' } as const;
        await place.tell(known.id, message, true).catch(() => {});
      }),
    );
    await Promise.all([...sweeps.values()].map(({ schedule }) => schedule?.close()));
  }
}

/** Whether an admission to the one holds for the other. */
function isSame(a: SweepMessage, b: SweepMessage): boolean {
  const what = ({ version, protocol, dataSha256, experiment, objective }: SweepMessage) =>
    JSON.stringify([version, protocol, dataSha256, experiment, objective]);
  return what(a) === what(b);
}

/** Waits for it, but no longer than so many milliseconds. */
async function within(milliseconds: number, what: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([what, sleep(milliseconds, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
}
