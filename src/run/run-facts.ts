/** The contents of a run folder, as far as its files exist: a run that failed or stopped has fewer. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../contracts/task.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { readExperiment } from '../experiment/read.ts';
import { tasksOf } from '../experiment/task-of.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { figuresFor } from '../model/catalogue.ts';
import { notARun } from './not-a-run.ts';
import { type RunSummary, runFiles } from './run-folder.ts';
import { type EpochRow, type EpochTiming, readConfusion, readMetrics, readTiming } from './run-tables.ts';

export interface RunFacts {
  experiment: Experiment;
  /** The text of config.yaml. */
  config: string;
  /** undefined if the training failed or was killed before its end. */
  summary: RunSummary | undefined;
  epochs: EpochRow[];
  timing: EpochTiming[];
  /** On the test set; undefined if it was not evaluated. */
  confusion: Confusion | undefined;
}

/** Reads a run folder. Throws a LockstepError if it has no experiment, or if a file in it is damaged. */
export async function readFacts(folder: string): Promise<RunFacts> {
  const config = await textOf(folder, runFiles.config);
  if (config === undefined) throw notARun(folder);
  const { experiment } = readExperiment(config, { file: join(folder, runFiles.config), name: 'run' });
  const summaryText = await textOf(folder, runFiles.summary);
  const summary =
    summaryText === undefined ? undefined : parseSummary(join(folder, runFiles.summary), summaryText);
  const metrics = await textOf(folder, runFiles.metrics);
  const timing = await textOf(folder, runFiles.timing);
  const confusion = await textOf(folder, runFiles.confusion);
  return {
    experiment,
    config,
    summary,
    epochs: metrics === undefined ? [] : readMetrics(metrics),
    timing: timing === undefined ? [] : readTiming(timing),
    confusion: confusion === undefined ? undefined : readConfusion(confusion, summary ?? {}),
  };
}

/** What a run predicts. If it left no summary: of what its loss is for, the task that has its figures. */
export function taskOfRun({
  summary,
  experiment,
  epochs,
}: Pick<RunFacts, 'summary' | 'experiment' | 'epochs'>): Task {
  if (summary?.task) return summary.task;
  const tasks = tasksOf(experiment);
  const figures = epochs.find(({ validation }) => validation)?.validation;
  const has = (task: Task) => figures && figuresFor(task).figures.every(({ name }) => name in figures);
  return tasks.find(has) ?? tasks[0]!;
}

/** The text of a file of the run, or undefined if there is no such file. */
function textOf(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new LockstepError('checkpoint', `${join(folder, name)}: cannot be read: ${error.message}`);
  });
}

function parseSummary(where: string, text: string): RunSummary {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LockstepError('checkpoint', { where, expected: 'JSON', got: (error as Error).message });
  }
}
