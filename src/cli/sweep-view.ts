/**
 * Shows the progress of a sweep: a row for each trial that has ended, and in a terminal also the trainings
 * at work, the best so far and the time left.
 */

import type { SweepEvent } from '../sweep/events.ts';
import { figureText, shortValue } from '../sweep/figure-text.ts';
import { compare } from '../sweep/objective.ts';
import type { SweepFile } from '../sweep/read.ts';
import type { Trial, TrialResult, TrialRun } from '../sweep/trial.ts';
import { err, out, warn } from './console.ts';
import { duration, grouped } from './format.ts';
import { startLiveLines } from './live-lines.ts';
import { statusWords, sweepTable, valueText, variedOf } from './sweep-table.ts';

export interface SweepView {
  show(event: SweepEvent): void;
  stop(): void;
}

/** A training at work. */
interface AtWork {
  trial: Trial;
  run: TrialRun;
  epoch: number;
  /** Epochs of the whole training; 0 until its first report. */
  epochs: number;
  value: number;
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
  const total = Math.min(sweep.size, sweep.runCap ?? Number.POSITIVE_INFINITY);
  const began = performance.now();
  const atWork = new Map<string, AtWork>();
  let best: TrialResult | undefined;
  let done = 0;
  let known = 0;
  const counts = { finished: 0, stopped: 0, failed: 0 };

  const cellsOf = (parameters: Readonly<Record<string, unknown>>) =>
    varied.map((path) => shortValue(parameters[path]));
  const bestText = () => (best ? figureText(objective, best.value) : '-');
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
  /** Seconds until the end, if all trials take as long as those that were trained so far. */
  const left = () => {
    const shares = [...atWork.values()].map(({ trial, epoch, epochs }) =>
      epochs > 0 ? epoch / epochs / trial.runs.length : 0,
    );
    const part = done - known + shares.reduce((sum, share) => sum + share, 0);
    return part > 0 ? ((total - known - part) * (performance.now() - began)) / 1000 / part : undefined;
  };
  const summary = () => {
    const seconds = left();
    return [
      `${grouped(done)} of ${grouped(total)} trials`,
      ...(counts.stopped > 0 ? [`${counts.stopped} stopped early`] : []),
      ...(counts.failed > 0 ? [err.paint('red', `${counts.failed} failed`)] : []),
      ...(best ? [`best ${bestText()} (trial ${best.number})`] : []),
      ...(seconds === undefined ? [] : [`${duration(Math.max(0, seconds))} left`]),
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
      switch (event.kind) {
        case 'running':
          atWork.set(event.run.id, {
            trial: event.trial,
            run: event.run,
            epoch: 0,
            epochs: 0,
            value: Number.NaN,
            ...atWork.get(event.run.id),
          });
          return;
        case 'epoch': {
          const { trial, run, epoch, epochs, value, waiting } = event;
          if (waiting || epoch === epochs) atWork.delete(run.id);
          else atWork.set(run.id, { trial, run, epoch, epochs, value });
          return;
        }
        case 'again':
          live.clear();
          warn(`trial ${event.trial.number} begins again, because its thread was lost: ${event.reason}`);
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
          done++;
          if (event.known) known++;
          counts[result.status]++;
          for (const { id } of result.lines) atWork.delete(id);
          const better = !best || compare(objective, result.value, best.value) < 0;
          if (result.status === 'finished' && better) best = result;
          live.clear();
          if (json) out.line(JSON.stringify(trialObject(event)));
          else if (!quiet) {
            const [row, ...below] = linesOf(result);
            const colour = result.status === 'failed' ? 'red' : best === result ? 'green' : undefined;
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
