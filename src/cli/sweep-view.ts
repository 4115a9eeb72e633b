/**
 * Shows the progress of a sweep: a row for each trial that has ended, and in a terminal also the trainings
 * at work, the best so far and the time left.
 */

import type { QueuedSweepEvent, SweepEvent } from '../sweep/events.ts';
import { figureText, shortValue } from '../sweep/figure-text.ts';
import { type AtWork, sweepProgress } from '../sweep/progress.ts';
import type { SweepFile } from '../sweep/read.ts';
import type { TrialResult } from '../sweep/trial.ts';
import { err, out, warn } from './console.ts';
import { duration, grouped } from './format.ts';
import { startLiveLines } from './live-lines.ts';
import { isTrouble, showNote } from './sweep-queue.ts';
import { statusWords, sweepTable, valueText, variedOf } from './sweep-table.ts';

export interface SweepView {
  show(event: QueuedSweepEvent): void;
  stop(): void;
}

/** If more trainings than this are at work, they are not shown one by one. */
const mostShown = 8;

export function startSweepView(
  file: SweepFile,
  { json, quiet }: { json: boolean; quiet: boolean },
): SweepView {
  const { sweep } = file;
  const { objective } = sweep;
  const varied = variedOf(sweep.dimensions).map(({ path }) => path);
  const table = sweepTable(sweep, out);
  const liveTable = sweepTable(sweep, err);
  const progress = sweepProgress(sweep);
  const { atWork, counts } = progress;

  const cellsOf = (parameters: Readonly<Record<string, unknown>>) =>
    varied.map((path) => shortValue(parameters[path]));
  const bestText = () => (progress.best ? figureText(objective, progress.best.value) : '-');
  const linesOf = (result: TrialResult) => {
    const epochs = result.lines[0]!.epochs;
    return table.lines({
      trial: String(result.number),
      status: statusWords[result.status],
      epochs: shortValue(epochs),
      value: valueText(objective, result),
      best: bestText(),
      parameters: cellsOf(result.parameters),
    });
  };
  const liveLines = ({ trial, run, epoch, epochs, value }: AtWork) =>
    liveTable.lines({
      trial: String(trial.number),
      status: trial.runs.length > 1 ? `seed ${run.seed}` : 'running',
      epochs: epochs > 0 ? `${shortValue(epoch)}/${shortValue(epochs)}` : '',
      value: figureText(objective, value),
      best: '',
      parameters: cellsOf(trial.parameters),
    });
  const summary = () => {
    const seconds = progress.left();
    const { best, results, total } = progress;
    return [
      `${grouped(results.length)} of ${grouped(total)} trials`,
      ...(counts.stopped > 0 ? [`${counts.stopped} stopped early`] : []),
      ...(counts.failed > 0 ? [err.paint('red', `${counts.failed} failed`)] : []),
      ...(best ? [`best ${bestText()} (trial ${best.number})`] : []),
      ...(seconds === undefined ? [] : [`${duration(seconds)} left`]),
    ].join(' · ');
  };
  const live = startLiveLines(err, () => {
    if (quiet) return [];
    const working = [...atWork.values()].sort((a, b) => a.trial.number - b.trial.number);
    const each = working.slice(0, mostShown).map(liveLines);
    // Lines that have left the screen cannot be drawn again.
    const most = Math.max(1, Math.floor((err.rows() - 3) / Math.max(1, each[0]?.length ?? 1)));
    const shown = each.slice(0, most);
    return [
      ...shown.flat().map((line) => err.paint('dim', line)),
      ...(working.length > shown.length ? [`and ${working.length - shown.length} more trainings`] : []),
      summary(),
    ];
  });

  if (!json && !quiet) out.line(out.paint('dim', table.heading));
  return {
    show(event) {
      progress.take(event);
      switch (event.kind) {
        case 'again':
          live.clear();
          warn(`trial ${event.trial.number} begins again, because ${event.reason}`);
          return;
        case 'queue':
          live.clear();
          if (!quiet || isTrouble(event.note)) showNote(event.note);
          return;
        case 'fault': {
          live.clear();
          const { trial, reason, kept } = event;
          warn(
            `${reason}; the sweep goes on, and ` +
              (kept ? 'tries again with the next trial' : `trial ${trial.number} is not recorded`),
          );
          return;
        }
        case 'trial': {
          const { result } = event;
          live.clear();
          if (json) out.line(JSON.stringify(trialObject(event)));
          else if (!quiet) {
            const [row, ...below] = linesOf(result);
            const colour =
              result.status === 'failed' ? 'red' : progress.best === result ? 'green' : undefined;
            out.line(colour ? out.paint(colour, row!) : row);
            for (const line of below) out.line(line);
          }
        }
      }
    },
    stop: () => live.stop(),
  };
}

/** A trial as `--json` prints it. */
function trialObject({ result, known }: SweepEvent & { kind: 'trial' }): object {
  const { number, parameters, status, epochs, value, deviation, lines } = result;
  return {
    event: 'trial',
    trial: number,
    parameters,
    status,
    epochs,
    metric: Number.isNaN(value) ? null : value,
    deviation: Number.isNaN(deviation) ? null : deviation,
    weightsSha256: lines.map(({ weightsSha256 }) => weightsSha256),
    known,
  };
}
