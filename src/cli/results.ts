/** The results of a training, as lines for people. */

import type { Figures } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import type { ThreadSeconds } from '../engine/profile.ts';
import { waitTable } from '../engine/waits.ts';
import type { Claims } from '../experiment/experiment.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import { deviationText, figureCalled, figureText } from '../model/figure-text.ts';
import type { RunProfile } from '../run/record-profile.ts';
import type { RunSummary, TestFigures } from '../run/summary.ts';
import { figuresOf } from '../training/evaluation.ts';
import { out } from './console.ts';
import { duration, shortEpoch, table } from './format.ts';

/** Prints the figures on the test set, the digest, and the paths of the files. */
export function printResult(
  { test, task, weightsSha256, seconds, result, bestEpoch, threads, activeThreads }: RunSummary,
  folder: string,
  claims: Claims | undefined,
): void {
  const onThreads = activeThreads < threads ? `, on ${activeThreads} of ${threads} threads` : '';
  const rows = test ? figureRows('test', test, { claims, task }) : [];
  if (result === 'best') rows.push(['epoch', `${shortEpoch(bestEpoch!)}, the best by validation`]);
  rows.push(['weights', `sha256 ${weightsSha256}`], ['time', duration(seconds) + onThreads], ['run', folder]);
  if (test) printColumns(test);
  out.line();
  for (const [index, line] of table(rows, 'll').entries()) {
    out.line(index === 0 && test ? out.paint('bold', line) : line);
  }
}

/** The figures of a set of samples, one in each row. */
export function figureRows(
  set: string,
  test: TestFigures,
  { claims, task }: { claims?: Claims | undefined; task?: Task | undefined } = {},
): [name: string, figure: string][] {
  const names = [...Object.keys(figuresOf(test as Figures)).filter((name) => name !== 'loss'), 'loss'];
  return names.map((name, index) => {
    const [title, text] = figureRow(name, test[name] as number, task);
    return [index === 0 && set !== '' ? `${set} ${title}` : title, text + claimed(claims, name)];
  });
}

/** A figure with its title and a word on what it is. */
export function figureRow(name: string, value: number, task?: Task): [title: string, figure: string] {
  return [figureCalled(name).title, figureText(name, value) + noteOf(name, task)];
}

/** `  (macro average)`, or nothing. */
function noteOf(name: string, task: Task | undefined): string {
  const { note } = figureCalled(name, task);
  return note ? `  (${note})` : '';
}

/** The published value of a figure, to be printed after the measured one. */
function claimed(claims: Claims | undefined, name: string): string {
  const value = claims?.[name];
  return typeof value === 'number' ? `  published ${figureText(name, value)}` : '';
}

/** The figures of each column, if several values or flags are predicted. */
function columnRows({ columns }: Pick<TestFigures, 'columns'>): string[][] {
  const entries = Object.entries(columns ?? {});
  if (entries.length < 2) return [];
  const names = Object.keys(entries[0]![1]);
  return [
    ['column', ...names.map((name) => figureCalled(name).title)],
    ...entries.map(([column, figures]) => [column, ...names.map((name) => figureText(name, figures[name]!))]),
  ];
}

/** Prints the figures of each column, if there are several. */
export function printColumns(figures: Pick<TestFigures, 'columns'>): void {
  const rows = columnRows(figures);
  if (rows.length === 0) return;
  out.line();
  printTable(rows, `l${'r'.repeat(rows[0]!.length - 1)}`);
}

/** Prints a table whose first line is its heading. */
export function printTable(rows: readonly string[][], alignment: string): void {
  const [heading, ...lines] = table(rows, alignment);
  out.line(out.paint('dim', heading!));
  for (const line of lines) out.line(line);
}

/** Mean and deviation of all figures over some runs. */
export function spreadOver(
  summaries: readonly Pick<RunSummary, 'test'>[],
): Record<string, { mean: number; deviation: number }> {
  const names = Object.keys(figuresOf(summaries[0]!.test as Figures));
  const ordered = [...names.filter((name) => name !== 'loss'), 'loss'];
  return Object.fromEntries(
    ordered.map((name) => [name, meanAndDeviation(summaries.map(({ test }) => test![name] as number))]),
  );
}

/** Prints mean and standard deviation of all figures over the seeds, or the folds. */
export function printSeeds(
  summaries: readonly RunSummary[],
  folder: string,
  json: boolean,
  claims: Claims | undefined,
  over: { what: 'seed' | 'fold'; numbers: readonly number[] },
): void {
  const spread = spreadOver(summaries);
  const seconds = meanAndDeviation(summaries.map((summary) => summary.seconds));
  const { what, numbers } = over;
  if (json) {
    const object = { event: `${what}s`, [`${what}s`]: numbers, claims, test: spread, seconds, run: folder };
    out.line(JSON.stringify(object));
    return;
  }
  const rows = Object.entries(spread).map(([name, { mean, deviation }], index) => {
    const { title } = figureCalled(name);
    const note = noteOf(name, summaries[0]!.task).trim() + claimed(claims, name);
    return [
      index === 0 ? `test ${title}` : title,
      figureText(name, mean),
      `± ${deviationText(name, deviation)}`,
      index === 0 ? note.trim() : note,
    ];
  });
  out.line();
  out.line(out.paint('bold', `mean and standard deviation over the ${what}s ${numbers.join(', ')}`));
  for (const text of table(rows, 'lrll')) out.line(text);
  out.line(`time           ${duration(seconds.mean)} a ${what}`);
  out.line(`run            ${folder}`);
}

/**
 * Prints the time that each thread spent on each activity, in seconds and shares of its time; and what all of
 * them waited for.
 */
export function printProfile({ threads, waits }: RunProfile): void {
  const names = Object.keys(threads[0]!) as (keyof ThreadSeconds)[];
  const shown = names.filter((name) => threads.some((seconds) => seconds[name] > 0));
  const times = threads.map((seconds) => names.reduce((sum, name) => sum + seconds[name], 0));
  const rows = threads.flatMap((seconds, thread) => {
    if (times[thread] === 0) return [];
    return [[String(thread + 1), ...shown.map((name) => share(seconds[name], times[thread]!))]];
  });
  out.line();
  out.line(out.paint('bold', 'seconds of each thread'));
  for (const line of table([['thread', ...shown], ...rows], 'r'.repeat(shown.length + 1))) out.line(line);
  if (rows.length < threads.length) out.line(`${threads.length - rows.length} threads took no part`);

  const waited = waitTable(waits);
  const all = times.reduce((sum, time) => sum + time, 0);
  const lines = waited.rows.map(({ name, seconds, all: whole }) => {
    const inPhase = seconds.some((value) => value > 0);
    return [name, ...seconds.map((value) => (inPhase ? share(value, all) : '')), share(whole, all)];
  });
  if (lines.length === 0) return;
  out.line();
  out.line(out.paint('bold', 'seconds of waiting of all threads, by phase and cause'));
  const heading = ['phase', ...waited.causes, 'in all'];
  for (const line of table([heading, ...lines], `l${'r'.repeat(heading.length - 1)}`)) out.line(line);
}

/** `0.31  7%` */
function share(seconds: number, all: number): string {
  return `${seconds.toFixed(2)} ${String(Math.round((100 * seconds) / all)).padStart(2)}%`;
}
