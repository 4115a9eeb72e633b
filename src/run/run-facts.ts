/** The contents of a run folder, as far as its files exist: a run that failed or stopped has fewer. */
import { join } from 'node:path';
import type { Task } from '../contracts/task.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { tasksOf } from '../experiment/task-of.ts';
import type { Confusion } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { figuresFor } from '../model/catalogue.ts';
import type { RunProfile } from './record-profile.ts';
import { runFiles } from './run-files.ts';
import { readConfig, readText } from './run-folder.ts';
import {
  type EpochRow,
  type EpochTiming,
  readConfusion,
  readMetrics,
  readProfile,
  readTiming,
} from './run-tables.ts';
import { digestsIn, type RunSummary, readSummary } from './summary.ts';

/** What a sample is, and what is predicted. */
export type DataFacts = Pick<
  RunSummary,
  'task' | 'height' | 'width' | 'channels' | 'columns' | 'classes' | 'classNames' | 'targets'
>;

export interface RunFacts {
  experiment: Experiment;
  /** The text of config.yaml. */
  config: string;
  /** undefined if the training failed or was killed before its end, or is under way. */
  summary: RunSummary | undefined;
  /** It is under way: what is known already of what the summary will say. */
  underway?: (DataFacts & Partial<Pick<RunSummary, 'bestEpoch'>>) | undefined;
  epochs: EpochRow[];
  timing: EpochTiming[];
  /** On the test set; undefined if it was not evaluated. */
  confusion: Confusion | undefined;
  /** What its threads spent their time on, if it was profiled. */
  profile?: RunProfile | undefined;
}

/**
 * Reads a run folder.
 *
 * @throws LockstepError `checkpoint` if it has no experiment, or if a file in it is damaged or was changed
 */
export async function readFacts(folder: string): Promise<RunFacts> {
  const { experiment, text: config } = await readConfig(folder);
  const summary = await readSummary(folder);
  await checkFiles(folder, summary);
  const metrics = await readText(folder, runFiles.metrics);
  const timing = await readText(folder, runFiles.timing);
  const confusion = await readText(folder, runFiles.confusion);
  const profile = await readText(folder, runFiles.profile);
  const file = (name: string) => join(folder, name);
  return {
    experiment,
    config,
    summary,
    epochs: metrics === undefined ? [] : readMetrics(file(runFiles.metrics), metrics),
    timing: timing === undefined ? [] : readTiming(file(runFiles.timing), timing),
    confusion:
      confusion === undefined ? undefined : readConfusion(file(runFiles.confusion), confusion, summary ?? {}),
    profile: profile === undefined ? undefined : readProfile(file(runFiles.profile), profile),
  };
}

/** The tables must be those that the summary was written with. */
async function checkFiles(folder: string, summary: RunSummary | undefined): Promise<void> {
  if (!summary?.files || summary.stopped) return;
  const tables = [runFiles.metrics, runFiles.timing, runFiles.confusion];
  const found = await digestsIn(folder, tables);
  for (const name of tables) {
    if (summary.files[name] === found[name]) continue;
    throw new LockstepError('checkpoint', {
      where: join(folder, name),
      expected: `sha256 ${summary.files[name]}, as ${runFiles.summary} says`,
      got: found[name] === undefined ? 'no such file' : `sha256 ${found[name]}`,
      hint: 'it was changed or is damaged',
    });
  }
}

/** What a run predicts. If it left no summary: of what its loss is for, the task that has its figures. */
export function taskOfRun({
  summary,
  underway,
  experiment,
  epochs,
}: Pick<RunFacts, 'summary' | 'underway' | 'experiment' | 'epochs'>): Task {
  const known = summary?.task ?? underway?.task;
  if (known) return known;
  const tasks = tasksOf(experiment);
  const figures = epochs.find(({ validation }) => validation)?.validation;
  const has = (task: Task) => figures && figuresFor(task).figures.every(({ name }) => name in figures);
  return tasks.find(has) ?? tasks[0]!;
}
