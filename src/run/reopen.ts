/** A run whose training was interrupted: where it goes on, and with what its folder has of it. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import type { Plan } from '../engine/plan.ts';
import { type Experiment, fingerprint, numericsOf } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { figuresFor } from '../model/catalogue.ts';
import { asWeights } from '../model/weights.ts';
import { readText } from '../platform/files.ts';
import { standingOf } from '../training/early-stopping.ts';
import type { Beginning } from '../training/prepare.ts';
import type { EpochFigures } from '../training/run-state.ts';
import { type Checkpoint, readCheckpoint, tensorsOf } from './checkpoint.ts';
import { ownFiles, positions } from './choose-checkpoint.ts';
import { differences } from './differences.ts';
import { refuseOtherData } from './other-data.ts';
import type { Before } from './record-run.ts';
import { runFiles } from './run-files.ts';
import { readTiming } from './run-tables.ts';
import { whyOtherSteps } from './same-steps.ts';

export interface Reopened {
  /** Undefined, like `from`: the training did not get as far as its first checkpoint. */
  checkpoint: Checkpoint | undefined;
  from: Beginning | undefined;
  before: Before;
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
 * @param files the checkpoints that may be taken
 * @throws LockstepError `checkpoint` if no checkpoint is whole; `usage` if the experiment is another now;
 *   `data` if the data is
 */
export async function reopen(
  folder: string,
  wanted: Wanted,
  files: readonly string[] = wanted.experiment.continues ? [...ownFiles, runFiles.begin] : ownFiles,
): Promise<Reopened> {
  const doubts: string[] = [];
  for await (const { checkpoint, fault } of positions(folder, files)) {
    try {
      if (fault) throw fault;
      return { ...(await beginAt(folder, checkpoint!, wanted)), doubts };
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'checkpoint') throw error;
      doubts.push(error.message);
    }
  }
  if (doubts.length > 0) throw new LockstepError('checkpoint', doubts);
  return { checkpoint: undefined, from: undefined, before: { history: [], timing: [] }, doubts };
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
    checkpoint,
    from: { position: { ...position!, epochs, tensors }, ...(best ? { best } : {}) },
    before: { history, timing: await timingOf(folder, history), best },
  };
}

/** The experiment and the data must be those of the checkpoint. */
function checkSame(checkpoint: Checkpoint, wanted: Wanted): void {
  const { file, dataSha256, stateSha256 } = checkpoint;
  const { experiment, dataset } = wanted;
  const begins = experiment.continues?.stateSha256 === stateSha256 && file.endsWith(runFiles.begin);
  if (!begins) checkExperiment(checkpoint, wanted);
  const got = datasetDigest(dataset);
  refuseOtherData(dataset, `the data that ${file} was trained on`, { expected: dataSha256, got });
}

/** It may be longer than the checkpoint's, if the steps so far are the same. */
function checkExperiment(checkpoint: Checkpoint, { experiment, plan }: Wanted): void {
  if (checkpoint.fingerprint === fingerprint(experiment)) return;
  const { file, settings, position } = checkpoint;
  const then = JSON.parse(settings ?? '{}') as { epochs?: number };
  const changed = differences(then, numericsOf(experiment));
  const complain = (got: string, hint: string) =>
    new LockstepError('usage', {
      where: file,
      expected: 'the experiment that the checkpoint is of',
      got,
      hint,
    });
  const { epochs } = then;
  const longer = epochs !== undefined && experiment.epochs !== undefined && experiment.epochs > epochs;
  if (changed.length === 1 && longer) {
    const why = whyOtherSteps({ ...experiment, epochs }, plan, position!.steps);
    if (why === undefined) return;
    const hint = `give it a folder of its own: --epochs ${experiment.epochs} --out NEW`;
    throw complain(`one of ${experiment.epochs} epochs instead of ${epochs}, and ${why}`, hint);
  }
  throw complain(
    `another: ${changed.slice(0, 5).join(', ') || 'nobody knows what differs'}`,
    `restore ${runFiles.config}, or train anew`,
  );
}

/**
 * The best weights that belong to this history. They may be later ones, if the training was killed between
 * two checkpoints: it comes to them again.
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
  const { file, epochs: epoch } = checkpoint;
  if (epoch !== expected && epoch <= epochs) {
    throw new LockstepError('checkpoint', {
      where: file,
      expected: `the weights of epoch ${expected}, the best so far`,
      got: `those of epoch ${epoch}`,
    });
  }
  const { parameters, state } = tensorsOf(checkpoint, plan.network, experiment.optimizer);
  return { epoch, weights: asWeights(parameters), state: asWeights(state) };
}

/** The times of the epochs that count; what is damaged there costs nothing but the times. */
async function timingOf(folder: string, history: readonly EpochFigures[]): Promise<Before['timing']> {
  const file = join(folder, runFiles.timing);
  try {
    const rows = readTiming(file, await readText(file));
    const known = new Set(history.map(({ epoch }) => epoch));
    return rows.filter(({ epoch }) => known.has(epoch));
  } catch {
    return [];
  }
}
