/** Shows what a worker does: a row on stdout for each training, and in a terminal those at work. */
import { counted } from '../foundation/format.ts';
import { figureText, shortValue } from '../sweep/figure-text.ts';
import type { Objective } from '../sweep/objective.ts';
import type { JobMessage, ResultMessage, SweepMessage } from '../sweep/queue/messages.ts';
import type { QueueNote } from '../sweep/queue/seen-workers.ts';
import type { WorkEvent } from '../sweep/queue/work.ts';
import { err, out, warn } from './console.ts';
import { duration } from './format.ts';
import { startLiveLines } from './live-lines.ts';
import { isTrouble, showNote } from './sweep-queue.ts';

export interface WorkView {
  show(event: WorkEvent): void;
  /** The queue cannot be reached, or can again. */
  note(note: QueueNote): void;
  stop(): void;
  /** The last line. */
  summary(why: string): void;
}

/** If more trainings than this are at work, they are not shown one by one. */
const mostShown = 8;

const heading = columns(['trial', 'status', 'epochs', 'objective', 'time', 'sweep']);

export function startWorkView({ json, quiet }: { json: boolean; quiet: boolean }): WorkView {
  const atWork = new Map<string, string>();
  const counts = { done: 0, back: 0 };
  const print = !json && !quiet;
  let headed = false;
  const live = startLiveLines(err, () => {
    if (quiet) return [];
    const lines = [...atWork.values()];
    const shown = lines.slice(0, mostShown).map((line) => err.paint('dim', line));
    const more = lines.length - shown.length;
    const state = lines.length > 0 ? `${lines.length} at work` : 'waiting for trials';
    return [
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
      `${counted(counts.done, 'training')} done · ${state}`,
    ];
  });
  const say = (text: string) => {
    live.clear();
    if (print) err.line(text);
  };
  const key = (sweep: SweepMessage, job: JobMessage) => `${sweep.owner}/${job.run}`;

  return {
    show(event) {
      const { sweep } = event;
      switch (event.kind) {
        case 'sweep':
          say(`helps the sweep ${sweep.name} of ${sweep.host}`);
          return;
        case 'over':
          say(`the sweep ${sweep.name} is over`);
          return;
        case 'refused':
          live.clear();
          warn(event.error.message);
          return;
        case 'strange':
          live.clear();
          warn(`sweep ${sweep.name}: a trial was not trained: ${event.why}`);
          return;
        case 'again':
          live.clear();
          warn(`trial ${event.job.trial} begins again, because ${event.reason}`);
          return;
        case 'begin':
          atWork.set(key(sweep, event.job), lineOf(event.job, sweep, { status: 'training' }));
          return;
        case 'epoch': {
          const { job, report } = event;
          const epochs = `${shortValue(report.epoch)}/${shortValue(report.epochs)}`;
          const value = figureText(sweep.objective, report.value);
          atWork.set(key(sweep, job), lineOf(job, sweep, { status: 'training', epochs, value }));
          return;
        }
        case 'dropped':
          atWork.delete(key(sweep, event.job));
          say(
            `trial ${event.job.trial} of ${sweep.name} was given to another worker, ` +
              'or is not wanted any more',
          );
          return;
        case 'back':
          atWork.delete(key(sweep, event.job));
          counts.back++;
          say(`gave back trial ${event.job.trial} of ${sweep.name}`);
          return;
        case 'done': {
          const { job, result } = event;
          atWork.delete(key(sweep, job));
          counts.done++;
          live.clear();
          if (json) {
            out.line(JSON.stringify(objectOf(sweep, job, result)));
            return;
          }
          if (!headed && !quiet) out.line(out.paint('dim', heading));
          headed = true;
          const row = rowOf(sweep, job, result);
          out.line(result.outcome.kind === 'failed' ? out.paint('red', row) : row);
        }
      }
    },
    note(about) {
      live.clear();
      if (!quiet || isTrouble(about)) showNote(about);
    },
    stop: () => live.stop(),
    summary(why) {
      const gave = counts.back > 0 ? `, ${counts.back} given back` : '';
      if (json) out.line(JSON.stringify({ event: 'end', ...counts }));
      else if (print) err.line(`${why}; ${counted(counts.done, 'training')} done${gave}`);
    },
  };
}

interface Cells {
  status: string;
  epochs?: string;
  value?: string;
  time?: string;
}

function lineOf(
  { trial }: JobMessage,
  { name }: SweepMessage,
  { status, epochs = '', value = '', time = '' }: Cells,
): string {
  return columns([String(trial), status, epochs, value, time, name]);
}

function columns(cells: readonly string[]): string {
  const [trial, status, epochs, value, time, sweep] = cells as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return (
    `${trial.padStart(5)}  ${status.padEnd(10)}  ${epochs.padStart(7)}  ` +
    `${value.padStart(10)}  ${time.padStart(8)}  ${sweep}`
  ).trimEnd();
}

/** What became of a training, in a word. `rung`: the sweep decides whether it goes on. */
function statusOf({ outcome, waits }: ResultMessage): string {
  if (outcome.kind === 'failed' || !Number.isFinite(outcome.value)) return 'failed';
  return waits ? 'rung' : 'finished';
}

function figureOf(objective: Objective, { outcome }: ResultMessage): string {
  return figureText(objective, outcome.kind === 'ended' ? outcome.value : Number.NaN);
}

function rowOf(sweep: SweepMessage, job: JobMessage, result: ResultMessage): string {
  const { outcome } = result;
  const status = statusOf(result);
  const row = lineOf(job, sweep, {
    status: status === 'failed' ? 'FAILED' : status === 'rung' ? 'at a rung' : status,
    epochs: shortValue(outcome.history.at(-1)?.[0] ?? 0),
    value: figureOf(sweep.objective, result),
    time: duration(outcome.seconds),
  });
  return outcome.kind === 'failed' ? `${row}  ${outcome.message}` : row;
}

/** A training as `--json` prints it. */
function objectOf(sweep: SweepMessage, job: JobMessage, result: ResultMessage): object {
  const { outcome } = result;
  const ended = outcome.kind === 'ended' ? outcome : undefined;
  return {
    event: 'training',
    sweep: sweep.name,
    host: sweep.host,
    trial: job.trial,
    id: job.run,
    status: statusOf(result),
    epochs: outcome.history.at(-1)?.[0] ?? 0,
    metric: ended && Number.isFinite(ended.value) ? ended.value : null,
    weightsSha256: ended?.weightsSha256 ?? null,
    seconds: outcome.seconds,
    ...(outcome.kind === 'failed' ? { message: outcome.message } : {}),
  };
}
