/** A run whose training was interrupted: where it goes on, and with what its folder has of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import type { Plan } from '../engine/plan.ts';
import { type Experiment, fingerprint, numericsOf } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { figuresFor } from '../model/catalogue.ts';
import { asWeights } from '../model/weights.ts';
import { standingOf } from '../training/early-stopping.ts';
import type { Beginning } from '../training/prepare.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { type Checkpoint, readCheckpoint, tensorsOf } from './checkpoint.ts';
import { positions } from './choose-checkpoint.ts';
import { differences } from './differences.ts';
import type { RecordOptions } from './record-run.ts';
import { runFiles } from './run-files.ts';
import { readTiming } from './run-tables.ts';

export interface Reopened {
  /** Undefined: the training did not get as far as its first checkpoint. */
  from: Beginning | undefined;
  before: NonNullable<RecordOptions['before']>;
  /** What is damaged, so that an older checkpoint was taken. */
  doubts: readonly string[];
}

/** What the training is to be. */
export interface Wanted {
  experiment: Experiment;
  dataset: Dataset;
  plan: Plan;
}

/**
 * Reads from where the training in this folder goes on: the newest checkpoint that is whole.
 *
 * @throws LockstepError `checkpoint` if no checkpoint is whole; `usage` if the experiment is another now;
 *   `data` if the data is
 */
export async function reopen(folder: string, wanted: Wanted): Promise<Reopened> {
  const doubts: string[] = [];
  for await (const { checkpoint, fault } of positions(folder)) {
    try {
      if (fault) throw fault;
      return { ...(await beginAt(folder, checkpoint!, wanted)), doubts };
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'checkpoint') throw error;
      doubts.push(error.message);
    }
  }
  if (doubts.length > 0) throw new LockstepError('checkpoint', doubts.join('\n'));
  return { from: undefined, before: { history: [], timing: [] }, doubts };
}

async function beginAt(
  folder: string,
  checkpoint: Checkpoint,
  wanted: Wanted,
): Promise<Omit<Reopened, 'doubts'>> {
  checkSame(checkpoint, wanted);
  const { plan, experiment } = wanted;
  const { epochs, position } = checkpoint;
  const tensors = tensorsOf(checkpoint, plan.network, experiment.optimizer);
  const { history } = position!;
  const best = await bestFor(folder, history, epochs, wanted);
  return {
    from: { position: { ...position!, epochs, tensors }, ...(best ? { best } : {}) },
    before: { history, timing: await timingOf(folder, history) },
  };
}

/** The experiment and the data must be those of the checkpoint. */
function checkSame({ file, fingerprint: then, settings, dataSha256 }: Checkpoint, wanted: Wanted): void {
  const { experiment, dataset } = wanted;
  if (then !== fingerprint(experiment)) {
    const changed = differences(JSON.parse(settings ?? '{}'), numericsOf(experiment));
    throw new LockstepError('usage', {
      where: file,
      expected: 'the experiment that the checkpoint is of',
      got: `another: ${changed.slice(0, 5).join(', ') || 'nobody knows what differs'}`,
      hint: `restore ${runFiles.config}, or train anew`,
    });
  }
  const now = datasetDigest(dataset);
  if (now === dataSha256) return;
  throw new LockstepError('data', {
    where: dataset.name,
    expected: `the data that ${file} was trained on, sha256 ${dataSha256}`,
    got: `sha256 ${now}`,
    hint: 'name the same data with --data',
  });
}

/**
 * The best weights that belong to this history. They may be later ones, if the training was killed between two
 * checkpoints: it comes to them again.
 */
async function bestFor(
  folder: string,
  history: readonly EpochFigures[],
  epochs: number,
  { experiment, plan }: Wanted,
): Promise<Beginning['best']> {
  const { data, earlyStopping } = experiment;
  const evaluated = history.filter(({ validation }) => validation);
  if (data.monitor !== 'validation' || evaluated.length === 0) return undefined;
  const figures = evaluated.map(({ validation }) => validation!);
  const { best } = standingOf(figures, figuresFor(plan.network.task), earlyStopping);
  const expected = evaluated[best!]!.epoch;
  const checkpoint = await readCheckpoint(join(folder, runFiles.best));
  const { file, epochs: epoch, fingerprint: of } = checkpoint;
  if ((epoch !== expected && epoch <= epochs) || of !== fingerprint(experiment)) {
    throw new LockstepError('checkpoint', {
      where: file,
      expected: `the weights of epoch ${expected}, the best so far`,
      got: of === fingerprint(experiment) ? `those of epoch ${epoch}` : 'those of another run',
    });
  }
  const { parameters, state } = tensorsOf(checkpoint, plan.network, experiment.optimizer);
  return { epoch, weights: asWeights(parameters), state: asWeights(state) };
}

/** The times of the epochs that count; what is damaged there costs nothing but the times. */
async function timingOf(
  folder: string,
  history: readonly EpochFigures[],
): Promise<NonNullable<RecordOptions['before']>['timing']> {
  const file = join(folder, runFiles.timing);
  try {
    const rows = readTiming(file, await readFile(file, 'utf8'));
    const known = new Set(history.map(({ epoch }) => epoch));
    return rows.filter(({ epoch }) => known.has(epoch));
  } catch {
    return [];
  }
}
