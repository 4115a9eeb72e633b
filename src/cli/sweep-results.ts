/** A sweep and its results, as lines for people. */
import { join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { deviationText, figureCalled, figureText as textOf } from '../model/figure-text.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import { figureText, shortNames, shortValue } from '../sweep/figure-text.ts';
import { sweepFiles } from '../sweep/folder.ts';
import { figureName } from '../sweep/objective.ts';
import { ranked } from '../sweep/ranking.ts';
import type { Sweep, SweepFile } from '../sweep/read.ts';
import type { Dimension } from '../sweep/space.ts';
import type { TrialResult } from '../sweep/trial.ts';
import { called } from './called.ts';
import { out, wrap } from './console.ts';
import { grouped, table } from './format.ts';
import { spreadOver } from './results.ts';
import { statusWords, sweepTable, valueText, variedOf } from './sweep-table.ts';

/** The most rows of the ranked table at the end. */
const shownRows = 10;

/** The objective and the search space. */
export function sweepHeader({ sweep, base }: SweepFile): [string, string][] {
  const { method, size, runCap, seeds, objective, dimensions, early, batch } = sweep;
  const trials = Math.min(size, runCap ?? Number.POSITIVE_INFINITY);
  const names = shortNames(dimensions.map(({ path }) => path));
  const target = objective.target === undefined ? '' : ` until ${figureText(objective, objective.target)}`;
  const counts = [
    `${method}, ${grouped(trials)} trials`,
    ...(Number.isFinite(size) && trials < size ? [`of ${grouped(size)}`] : []),
    ...(seeds > 1 ? [`of ${seeds} seeds`] : []),
  ];
  return [
    ['method', `${counts.join(' ')} · ${objective.goal} ${objective.name}${target}`],
    ['varied', dimensions.map((dimension, i) => spaceText(dimension, names[i]!)).join(' · ')],
    ...(early
      ? ([['halving', `in batches of ${batch}, one in ${early.eta} goes on at each rung`]] as [
          string,
          string,
        ][])
      : []),
    ['experiment', `${base.experiment.name} · ${lengthText(base.experiment)}`],
  ];
}

function spaceText(dimension: Dimension, name: string): string {
  if (dimension.kind === 'choice') {
    const { values } = dimension;
    return values.length === 1 ? `${name} = ${shortValue(values[0])}` : `${name} (${values.length} values)`;
  }
  if (dimension.kind === 'normal') return `${name} ~ N(${dimension.mu}, ${dimension.sigma})`;
  const { min, max, scale } = dimension;
  return `${name} ${shortValue(min)} to ${shortValue(max)}${scale === 'log' ? ' (log)' : ''}`;
}

function lengthText({ epochs, steps }: Experiment): string {
  if (epochs === undefined) return `${grouped(steps!)} ${steps === 1 ? 'step' : 'steps'}`;
  return `${grouped(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}

/** Prints the best trials. */
export function printRanking(sweep: Sweep, results: readonly TrialResult[]): void {
  const { objective, dimensions } = sweep;
  const all = ranked(objective, results);
  const varied = variedOf(dimensions).map(({ path }) => path);
  const columns = sweepTable(sweep, out);
  out.line();
  out.line(
    out.paint(
      'bold',
      all.length > shownRows
        ? `the best ${shownRows} of ${grouped(all.length)} trials`
        : 'trials, the best first',
    ),
  );
  out.line(out.paint('dim', columns.heading));
  for (const result of all.slice(0, shownRows)) {
    const lines = columns.lines({
      trial: String(result.number),
      status: statusWords[result.status],
      epochs: shortValue(result.epochs),
      value: valueText(objective, result),
      best: '',
      parameters: varied.map((path) => shortValue(result.parameters[path])),
    });
    for (const line of lines) out.line(line);
  }
}

/** Prints the winner, its figures on the test set, and the reports of the sweep and of the winner's runs. */
export function printWinner(
  { objective, dimensions }: Sweep,
  winner: TrialResult,
  summaries: readonly RunSummary[],
  { folder, runs, json }: { folder: string; runs: readonly string[]; json: boolean },
): void {
  const test = spreadOver(summaries);
  if (json) {
    const { number, parameters, value, deviation } = winner;
    const digests = summaries.map(({ weightsSha256 }) => weightsSha256);
    out.line(
      JSON.stringify({
        event: 'end',
        winner: number,
        parameters,
        metric: value,
        deviation,
        test,
        weightsSha256: digests,
        folder,
      }),
    );
    return;
  }
  // The first figure, and that of the objective or the last.
  const all = Object.entries(test).filter(([name]) => name !== 'loss');
  const wanted = all.slice(1).find(([name]) => name === figureName(objective)) ?? all.at(-1)!;
  const shown = [all[0]!, wanted];
  const { task } = summaries[0]!;
  const figures = shown.map(([name, { mean, deviation }], index) => {
    const { title, note } = figureCalled(name, task);
    const spread = summaries.length > 1 ? ` ± ${deviationText(name, deviation)}` : '';
    const text = textOf(name, mean) + spread + (note ? `  (${note})` : '');
    return [index === 0 ? `test ${title}` : title, text];
  });
  const names = shortNames(dimensions.map(({ path }) => path));
  const setting = dimensions.map(({ path }, i) => `${names[i]} ${shortValue(winner.parameters[path])}`);
  const judged = `validation ${figureCalled(figureName(objective)).title}`;
  const room = out.live ? out.columns() - judged.length - 2 : Number.POSITIVE_INFINITY;
  const [first, ...others] = wrap(`trial ${winner.number}: ${setting.join(', ')}`, room, ' ');
  const rows = [
    ['winner', first!],
    ...others.map((line) => ['', line]),
    [judged, valueText(objective, winner)],
    ...figures,
    ['weights', `sha256 ${summaries[0]!.weightsSha256}`],
    ['run it', `${called} ${shellWord(join(folder, sweepFiles.best))}`],
    ['sweep', folder],
    ['report', join(folder, sweepFiles.report)],
    ...runs.map((run, i) => [i === 0 ? "winner's report" : '', join(run, runFiles.report)]),
  ];
  out.line();
  for (const [index, line] of table(rows, 'll').entries())
    out.line(index === 0 ? out.paint('bold', line) : line);
}
