/** The results of a training, as lines for people. */

import type { Metrics } from '../contracts/figures.ts';
import type { ThreadSeconds } from '../engine/profile.ts';
import type { Claims } from '../experiment/experiment.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import type { RunSummary } from '../run/run-folder.ts';
import { out } from './console.ts';
import { duration, percent, shortEpoch, table } from './format.ts';

/** Prints the figures on the test set, the digest, and the paths of the files. */
export function printResult(
  { test, weightsSha256, seconds, result, bestEpoch, threads, activeThreads }: RunSummary,
  folder: string,
  claims: Claims | undefined,
): void {
  const onThreads = activeThreads < threads ? `, on ${activeThreads} of ${threads} threads` : '';
  const rows = test ? figureRows('test accuracy', test, claims) : [];
  if (result === 'best') rows.push(['epoch', `${shortEpoch(bestEpoch!)}, the best by validation`]);
  rows.push(['weights', `sha256 ${weightsSha256}`], ['time', duration(seconds) + onThreads], ['run', folder]);
  out.line();
  for (const [index, line] of table(rows, 'll').entries()) {
    out.line(index === 0 && test ? out.paint('bold', line) : line);
  }
}

/** The figures of a set of samples, one in each row. */
export function figureRows(
  title: string,
  { accuracy, precision, recall, f1, loss }: Metrics,
  claims?: Claims,
): [name: string, figure: string][] {
  const claimed = claimedBy(claims);
  return [
    [title, percent(accuracy) + claimed('accuracy')],
    ['precision', `${percent(precision)}  (macro average)${claimed('precision')}`],
    ['recall', `${percent(recall)}  (macro average)`],
    ['F1', `${percent(f1)}  (macro average)${claimed('f1')}`],
    ['loss', loss.toFixed(4)],
  ];
}

/** The published value of a figure, to be printed after the measured one. */
function claimedBy(claims: Claims | undefined): (figure: 'accuracy' | 'precision' | 'f1') => string {
  return (figure) => (claims?.[figure] === undefined ? '' : `  published ${percent(claims[figure])}`);
}

/** Prints mean and standard deviation of all figures over the seeds. */
export function printSeeds(
  summaries: readonly RunSummary[],
  folder: string,
  json: boolean,
  claims: Claims | undefined,
): void {
  const claimed = claimedBy(claims);
  const seeds = summaries.map(({ seed }) => seed);
  const over = (figure: keyof Metrics) => meanAndDeviation(summaries.map(({ test }) => test![figure]));
  const figures = ['accuracy', 'precision', 'recall', 'f1', 'loss'] as const;
  const seconds = meanAndDeviation(summaries.map((summary) => summary.seconds));
  if (json) {
    const each = Object.fromEntries(figures.map((figure) => [figure, over(figure)]));
    out.line(JSON.stringify({ event: 'seeds', seeds, claims, test: each, seconds, run: folder }));
    return;
  }
  const row = (name: string, figure: Exclude<keyof Metrics, 'loss'>, note = ''): string[] => {
    const { mean, deviation } = over(figure);
    return [name, percent(mean), `± ${(deviation * 100).toFixed(2)}`, note];
  };
  const loss = over('loss');
  const rows = [
    row('test accuracy', 'accuracy', claimed('accuracy').trim()),
    row('precision', 'precision', `(macro average)${claimed('precision')}`),
    row('recall', 'recall', '(macro average)'),
    row('F1', 'f1', `(macro average)${claimed('f1')}`),
    ['loss', loss.mean.toFixed(4), `± ${loss.deviation.toFixed(4)}`, ''],
  ];
  out.line();
  out.line(out.paint('bold', `mean and standard deviation over the seeds ${seeds.join(', ')}`));
  for (const text of table(rows, 'lrll')) out.line(text);
  out.line(`time           ${duration(seconds.mean)} a seed`);
  out.line(`run            ${folder}`);
}

/** Prints the time that each thread spent on each activity, in seconds and shares. */
export function printProfile(threads: readonly ThreadSeconds[]): void {
  const names = Object.keys(threads[0]!) as (keyof ThreadSeconds)[];
  const shown = names.filter((name) => threads.some((seconds) => seconds[name] > 0));
  const rows = threads.map((seconds, thread) => {
    const all = names.reduce((sum, name) => sum + seconds[name], 0);
    const cells = shown.map(
      (name) => `${seconds[name].toFixed(2)} ${String(Math.round((100 * seconds[name]) / all)).padStart(2)}%`,
    );
    return [String(thread + 1), ...cells];
  });
  out.line();
  out.line(out.paint('bold', 'seconds of each thread'));
  for (const line of table([['thread', ...shown], ...rows], 'r'.repeat(shown.length + 1))) out.line(line);
}
