/** What a folder of a run, or of several seeds or folds, came to so far: enough for a line in a list. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Task } from '../contracts/task.ts';
import { LockstepError } from '../foundation/errors.ts';
import { meanAndDeviation } from '../foundation/statistics.ts';
import { figuresFor } from '../model/catalogue.ts';
import { isBusy } from './lock.ts';
import { readParts } from './parts.ts';
import { readFacts, taskOfRun } from './run-facts.ts';
import { runFiles } from './run-files.ts';
import { readConfig } from './run-folder.ts';
import type { RunSummary } from './summary.ts';

/**
 * - `finished`: came to its end, or ended early as the experiment wanted
 * - `running`: a process is at work in the folder
 * - `resumable`: interrupted; `train resume`, or for a sweep the same command, goes on with it
 * - `stopped`: interrupted, and nothing goes on from there: it is of Lockstep 0.1
 * - `damaged`: something in it cannot be read, or was changed
 */
export type State = 'finished' | 'running' | 'resumable' | 'stopped' | 'damaged';

export interface Glance {
  folder: string;
  kind: 'run' | 'seeds' | 'folds' | 'sweep';
  /** Of the experiment or sweep; null if it cannot be read. */
  name: string | null;
  state: State;
  /** When something was last written. */
  time: Date;
  /** Epochs done; of several runs and of sweeps see `parts`. */
  epochs: number | null;
  /** Of seeds, folds or trials: how many have come to their end, of how many, if that is known. */
  parts: { done: number; of: number | null } | null;
  seed: number | null;
  /** The main figure of the task: of several seeds or folds their mean, of a sweep that of the winner. */
  figure: string | null;
  validation: number | null;
  test: number | null;
  weightsSha256: string | null;
  /** What is damaged. */
  trouble: string | null;
}

/** What a line says of a folder of which nothing is known. */
export function blank(folder: string, kind: Glance['kind'], time: Date): Glance {
  return {
    ...{ folder, kind, name: null, state: 'damaged', time, epochs: null, parts: null, seed: null },
    ...{ figure: null, validation: null, test: null, weightsSha256: null, trouble: null },
  };
}

/** Undefined: the folder is of something else. Never throws for what is in it. */
export async function glanceAtRun(folder: string): Promise<Glance | undefined> {
  const kind = kindOf(folder);
  if (kind === undefined) return undefined;
  const time = lastWritten(folder, [...Object.values(runFiles), dirname(runFiles.weights)]);
  const nothing = blank(folder, kind, time);
  try {
    if (await isBusy(folder)) nothing.state = 'running';
    return kind === 'run' ? await ofRun(nothing) : await ofParts(nothing);
  } catch (error) {
    // While a training writes, its files need not fit each other.
    if (nothing.state === 'running') return nothing;
    const trouble = error instanceof LockstepError ? error.message : `${folder}: ${(error as Error).message}`;
    const config = kind === 'run' ? await readConfig(folder).catch(() => undefined) : undefined;
    const { name = null, seed = null } = config?.experiment ?? {};
    return { ...nothing, name, seed, state: 'damaged', trouble };
  }
}

/** By the names of the files in it. A folder of another program may have some, but not these together. */
function kindOf(folder: string): 'run' | 'seeds' | 'folds' | undefined {
  const has = (name: string) => existsSync(join(folder, name));
  if (has(runFiles.seeds)) return 'seeds';
  if (has(runFiles.folds)) return 'folds';
  if (has(runFiles.parts)) return partsIn(folder, 'fold').length > 0 ? 'folds' : 'seeds';
  const checkpoints = has(runFiles.weights) || has(runFiles.previous) || has(runFiles.best);
  const tables = has(runFiles.metrics) && (has(runFiles.timing) || has(runFiles.summary));
  return (has(runFiles.config) || checkpoints) && (tables || checkpoints) ? 'run' : undefined;
}

async function ofRun(nothing: Glance): Promise<Glance> {
  const { folder } = nothing;
  const facts = await readFacts(folder);
  const { summary, experiment, epochs } = facts;
  const evaluated = epochs.filter(({ validation }) => validation);
  const counted =
    summary?.result === 'best'
      ? evaluated.find(({ epoch }) => epoch === summary.bestEpoch)
      : evaluated.at(-1);
  const figure = mainFigure(taskOfRun(facts));
  const ended = summary !== undefined && !summary.stopped;
  const missing = ended ? missingIn(folder, summary) : undefined;
  return {
    ...nothing,
    name: experiment.name,
    state:
      nothing.state === 'running'
        ? 'running'
        : ended
          ? missing
            ? 'damaged'
            : 'finished'
          : interrupted(summary),
    epochs: epochs.at(-1)?.epoch ?? 0,
    seed: experiment.seed,
    figure,
    validation: counted?.validation?.[figure] ?? null,
    test: (summary?.test?.[figure] as number | undefined) ?? null,
    weightsSha256: summary?.weightsSha256 ?? null,
    trouble: missing ?? null,
  };
}

const interrupted = (summary: { format?: number } | undefined): State =>
  summary !== undefined && summary.format === undefined ? 'stopped' : 'resumable';

/** A file that a finished run should have. Trainings of sweeps have no checkpoints. */
function missingIn(folder: string, { missing = [], files = {} }: RunSummary): string | undefined {
  if (missing.length > 0) return `${join(folder, missing[0]!)}: could not be written in the training`;
  const name = Object.keys(files).find((file) => !existsSync(join(folder, file)));
  return name && `${join(folder, name)}: expected a file of the run, got no such file`;
}

async function ofParts(nothing: Glance): Promise<Glance> {
  const { folder, kind } = nothing;
  const planned = await readParts(folder);
  const glances: Glance[] = [];
  for (const name of partsIn(folder, kind === 'seeds' ? 'seed' : 'fold')) {
    const one = await glanceAtRun(join(folder, name));
    if (one) glances.push(one);
  }
  const first = glances[0];
  const done = glances.filter(({ state }) => state === 'finished');
  const trouble = glances.find((one) => one.trouble !== null)?.trouble ?? null;
  const of = planned?.count ?? glances.length;
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? meanAndDeviation(known).mean : null;
  };
  const busy = nothing.state === 'running' || glances.some(({ state }) => state === 'running');
  return {
    ...nothing,
    name: first?.name ?? basename(folder),
    state: trouble !== null ? 'damaged' : done.length === of ? 'finished' : busy ? 'running' : 'resumable',
    time: new Date(Math.max(nothing.time.getTime(), ...glances.map(({ time }) => time.getTime()))),
    parts: { done: done.length, of },
    seed: first?.seed ?? null,
    figure: first?.figure ?? null,
    validation: mean(done.map(({ validation }) => validation)),
    test: mean(done.map(({ test }) => test)),
    trouble,
  };
}

function partsIn(folder: string, kind: 'seed' | 'fold'): string[] {
  const pattern = new RegExp(`^${kind}-\\d+$`);
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
}

/** The figure by which the best weights are kept, if nothing else was asked for and it is no loss. */
export function mainFigure(task: Task): string {
  const { figures, kept, minibatches } = figuresFor(task);
  return figures.some(({ name }) => name === kept) ? kept : minibatches.figure;
}

/** When the newest of these files was written. */
export function lastWritten(folder: string, names: readonly string[]): Date {
  const times = ['', ...names].map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  // The report can be written again at any time, but then the folder is newer, too: files say more.
  const files = times.slice(1).filter((time) => time > 0);
  return new Date(Math.max(...(files.length > 0 ? files : times)));
}
