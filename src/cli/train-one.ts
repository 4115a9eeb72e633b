/** Trains one experiment, shows how it goes, and records it in a folder. */

import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { rowTasks } from '../engine/phases.ts';
import { mostRowsOf } from '../engine/shares.ts';
import { unevenShares } from '../engine/unshared.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { longWarmup } from '../experiment/long-warmup.ts';
import type { ReadExperiment } from '../experiment/read.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { shellWord } from '../foundation/shell-word.ts';
import type { Locate } from '../model/network.ts';
import type { Executor } from '../parallel/executor.ts';
import { coresText, readTopology } from '../platform/topology.ts';
import { version } from '../platform/version.ts';
import { acquireLock, type Lock } from '../run/lock.ts';
import { type ProfileRecorder, recordProfile } from '../run/record-profile.ts';
import { type Before, type Recorder, recorded, recordRun } from '../run/record-run.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import { eventFilesIn } from '../run/tensorboard/event-file.ts';
import { type EventRecorder, recordEvents } from '../run/tensorboard/record-events.ts';
import { troubleWith } from '../run/trouble.ts';
import { figuresOf } from '../training/evaluation.ts';
import type { EpochEvent, RepairEvent } from '../training/events.ts';
import type { Beginning } from '../training/prepare.ts';
import type { Pretrained } from '../training/pretrained.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { train } from '../training/train.ts';
import { called } from './called.ts';
import { err, out, type Stream, tellCommand, warn, wrap } from './console.ts';
import { epochHeading, epochLine } from './epoch-table.ts';
import { shortEpoch } from './format.ts';
import { type HeaderFacts, headerLines } from './header.ts';
import type { LiveView } from './live.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { warnWithoutPredictions } from './report.ts';
import { printProfile, printResult } from './results.ts';
import { pictureLines } from './run-picture.ts';
import { listenForStop } from './stop.ts';

/** A training with its data and settings. */
export interface Job extends Pick<ReadExperiment, 'experiment' | 'locate'> {
  dataset: Dataset;
  /** Warnings about the data. */
  look: Promise<readonly string[]>;
  executor: Executor;
  /** When the training began, in the time of performance.now(). */
  begun: number;
  shown: Shown;
  /** Why this experiment, if none was named. */
  choice?: string | undefined;
  /** The weights that it begins with, if it does not draw them. */
  pretrained?: Pretrained | undefined;
  /** Where a training goes on that was interrupted. */
  from?: Beginning | undefined;
  /** What its folder has of it. */
  before?: Before;
  /** Its name among several: `seed 3`. */
  part?: string;
  /** A page that shows it while it goes on. */
  live?: LiveView | undefined;
}

/** What is shown, and how. */
export interface Shown {
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  profile?: boolean | undefined;
  tensorboard?: boolean | undefined;
}

/** Makes the folder of a run, or opens that of one that goes on. Called once the experiment fits the data. */
export type Place = () => Promise<string>;

/**
 * Trains, and shows and records what it comes to. Undefined: the training was stopped before its end, and
 * that has been told.
 */
export async function trainOne(job: Job, place: Place): Promise<RunSummary | undefined> {
  const { experiment, dataset, look, executor, locate, begun, shown, pretrained, from, before, live } = job;
  const chatty = !shown.quiet;
  const bySteps = experiment.evaluateEvery.steps !== undefined;
  const task = dataset.targets.kind;
  const stop = listenForStop();
  let line: ProgressLine | undefined;
  let lock: Lock | undefined;
  let recorder: Recorder | undefined;
  let profile: ProfileRecorder | undefined;
  let events: EventRecorder | undefined;
  let summary: RunSummary | undefined;
  const history: EpochFigures[] = [...(before?.history ?? [])];
  let epochs = 0;
  const tell = (text: string) => {
    line?.clear();
    warn(text);
  };
  const { attempt, missing } = troubleWith(tell);
  live?.begin({ experiment, before, name: job.part }, stop);
  try {
    const options = {
      ...{ dataset, executor, locate, signal: stop.signal, profile: shown.profile === true },
      ...{ pretrained, from },
    };
    for await (const event of train(experiment, options)) {
      live?.show(event);
      switch (event.kind) {
        case 'start': {
          // Only now it is known that the experiment fits the data. So a mistake leaves no folder behind.
          const warnings = await look;
          const folder = await place();
          lock = await acquireLock(folder, { what: 'a training' });
          const { signature, classWeights, plan, trainingSamples, validationSamples } = event;
          recorder = await recordRun({
            ...{ experiment, dataset, signature, classWeights, folder, begun, tell },
            threads: executor.threads,
            ...(before ? { before } : {}),
          });
          if (shown.profile) profile = recordProfile(recorder.folder, plan.network);
          // A training that goes on also goes on with the event files that it has.
          if (shown.tensorboard || (before && (await eventFilesIn(folder)).length > 0)) {
            const known = before ? { before: before.history } : {};
            events = await recordEvents({ folder, experiment, task, ...known });
          }
          epochs = plan.epochs;
          if (!chatty) break;
          const { choice } = job;
          const facts = { experiment, dataset, signature, plan, trainingSamples, validationSamples, choice };
          announce(facts, executor);
          for (const warning of warnings) warn(warning);
          warnOfWarmup(experiment, plan.steps / plan.stepsPerEpoch, locate);
          if (from) err.line(`goes on from epoch ${shortEpoch(from.position.epochs)} in ${folder}`);
          if (!shown.json)
            out.line(`${out.live ? '\n' : ''}${out.paint('dim', epochHeading(bySteps, task))}`);
          line = startProgressLine(err, event.progress, plan);
          break;
        }
        case 'epoch': {
          const row = recorded(event);
          await recorder!.epoch(row);
          if (events) await attempt(events.path, () => events!.add(row));
          history.push(row);
          profile?.add(event);
          line?.clear();
          if (shown.json) out.line(JSON.stringify(epochObject(event)));
          else if (chatty) out.line(epochLine(event, bySteps ? undefined : epochs, task));
          break;
        }
        case 'checkpoint':
          recorder!.checkpoint(event);
          break;
        case 'repair':
          tell(repairText(event));
          break;
        case 'end': {
          line?.stop();
          const ended = await recorder!.end(event);
          summary = ended.summary;
          const run = recorder!.folder;
          const test = event.test && figuresOf(event.test);
          if (events) await attempt(events.path, () => events!.end(test));
          if (shown.json) out.line(JSON.stringify({ event: 'end', ...summary, run }));
          else {
            if (chatty) printPicture(history, event.test?.confusion);
            printResult(summary, run, experiment.claims);
          }
          if (profile) {
            const spent = await profile.end();
            if (chatty && !shown.json) printProfile(spent);
          }
          if (event.stoppedEarly && chatty) {
            err.line(
              `ended early: no better ${experiment.earlyStopping!.metric} ` +
                `since epoch ${shortEpoch(event.best!.epoch)}`,
            );
          }
          if (event.stopped) {
            const done = shortEpoch(event.position().epochs);
            tellCommand(`stopped ${stop.reason()} after ${done} of ${epochs} epochs`, goOnWith(run));
            process.exitCode = stop.exitCode();
          }
          const lost = [...ended.missing, ...missing()];
          if (lost.length > 0) throw new LockstepError('failed', lost);
        }
      }
    }
  } finally {
    line?.stop();
    // A training that failed also leaves a checkpoint.
    if (recorder && !summary) await tellOfCheckpoint(recorder);
    if (recorder) {
      // Of a failed training nothing goes to stdout.
      const failed = chatty ? err : undefined;
      const to = summary === undefined ? failed : shown.json ? undefined : out;
      await writePage(recorder.folder, dataset, to);
    }
    await lock?.release();
    live?.ended(recorder?.folder, summary);
    // A signal that comes while the page is written, or the second of two kinds, must not end this.
    stop.release({ done: true });
  }
  return summary?.test ? summary : undefined;
}

function repairText({ reason, number, most, steps }: RepairEvent): string {
  const from = steps === 0 ? 'the beginning' : `step ${steps}`;
  return `${reason.message}; goes on from ${from} with new threads (${number} of ${most})`;
}

/** The command by which a training goes on. */
export const goOnWith = (run: string) => `go on with: ${called} resume ${shellWord(run)}`;

/** Names the checkpoint that a failed training has left. */
async function tellOfCheckpoint(recorder: Recorder): Promise<void> {
  const { epoch } = await recorder.settle();
  if (epoch === undefined) return;
  const file = join(recorder.folder, runFiles.weights);
  tellCommand(`the last checkpoint, of epoch ${shortEpoch(epoch)}, is ${file}`, goOnWith(recorder.folder));
}

/** Draws the curves and the confusion matrix in a terminal. */
function printPicture(history: readonly EpochFigures[], confusion: Confusion | undefined): void {
  const lines = pictureLines(out, history, confusion);
  if (lines.length === 0) return;
  out.line();
  for (const text of lines) out.line(text);
}

/** Writes report.html. If that fails, the run is complete all the same. */
async function writePage(folder: string, dataset: Dataset, to: Stream | undefined): Promise<void> {
  try {
    // Loaded late, so that a training starts at once.
    const { writeReport } = await import('../report/write-report.ts');
    const { file, missing } = await writeReport(folder, dataset);
    if (missing !== undefined) warnWithoutPredictions(missing);
    to?.line(`report         ${file}`);
  } catch (error) {
    warn(`the report could not be written: ${(error as Error).message}`);
  }
}

/** Prints the header, and warns if threads would have nothing to do. */
function announce(facts: Omit<HeaderFacts, 'threads'>, { threads: count, ranks }: Executor): void {
  const topology = readTopology();
  const { cores } = topology;
  const each = `${count} on ${coresText(topology)}`;
  const threads = ranks && ranks.count > 1 ? `${each}, in each of ${ranks.count} ranks` : each;
  err.line(err.paint('bold', `lockstep ${version} · ${facts.experiment.name}`));
  const width = err.live ? err.columns() - 13 : Number.POSITIVE_INFINITY;
  for (const [name, text] of headerLines({ ...facts, threads })) {
    for (const [index, part] of wrap(text, width).entries()) {
      err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(9))} ${part}`);
    }
  }
  const uneven = ranks && unevenShares(facts.plan.batchSize, ranks);
  if (uneven !== undefined) warn(uneven);
  const batchSize = ranks ? mostRowsOf(facts.plan.batchSize, ranks) : facts.plan.batchSize;
  const tasks = rowTasks(batchSize, count);
  if (count > tasks) {
    warn(
      `minibatches of ${batchSize} rows make ${tasks} blocks: ${count - tasks} of ${count} threads will idle`,
    );
  } else if (count > cores) {
    warn(`${count - cores} of ${count} threads will idle on ${cores} ${cores === 1 ? 'core' : 'cores'}`);
  }
}

export function warnOfWarmup({ schedule }: Experiment, epochs: number, locate: Locate): void {
  const warning = longWarmup(schedule, epochs);
  if (warning !== undefined) warn(`${locate('schedule.warmup')}: ${warning}`);
}

/** An epoch as `--json` prints it. */
function epochObject(event: EpochEvent): object {
  const { epoch, step, learningRate, train, validation, seconds, samplesPerSecond } = event;
  const figures = validation ? figuresOf(validation) : null;
  return { event: 'epoch', epoch, step, learningRate, train, validation: figures, seconds, samplesPerSecond };
}
