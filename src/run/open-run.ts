/** Opens a run folder as a trained network, ready to work. */
import { shapeOf } from '../data/split.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { planNetwork } from '../model/network.ts';
import { type TrainedModel, trainedModel } from '../training/trained-model.ts';
import { tensorsOf } from './checkpoint.ts';
import { resultCheckpoint } from './choose-checkpoint.ts';
import { readSignature } from './read-signature.ts';
import { readConfig } from './run-folder.ts';
import { type RunSummary, readSummary } from './summary.ts';

/** A run with its network, ready to work. */
export interface TrainedRun extends TrainedModel {
  folder: string;
  /** Undefined if the training did not come to its end. */
  summary: RunSummary | undefined;
  /** The file that the weights are from. */
  checkpoint: string;
  /** Numbers that were learned. */
  parameters: number;
  /** Of the data that it was trained on; undefined if nothing says so. */
  dataSha256: string | undefined;
  /** What is to be known of the weights, such as that a file is damaged and an older one was taken. */
  doubts: readonly string[];
}

/**
 * Opens a run: one that was trained to its end, or any folder with a whole checkpoint.
 *
 *     const run = await openRun('runs/mnist-20260101-120000');
 *     const { test } = await openDataset('mnist');
 *     console.log(run.evaluate(test).accuracy);
 *     const first = test.features.subarray(0, run.inputs);
 *     console.log(run.probabilities(first)); // Float64Array(10)
 *
 * @throws LockstepError `checkpoint` if no checkpoint is whole, or if it is of another run
 */
export async function openRun(folder: string): Promise<TrainedRun> {
  checkText('folder', folder, 'the path of a run folder');
  const { experiment } = await readConfig(folder);
  const { summary, fault } = await soundSummary(folder);
  const { checkpoint, doubts } = await resultCheckpoint(folder, experiment, summary, fault.length > 0);
  const { file, classWeights } = checkpoint;
  const signature = readSignature(file, checkpoint.signature, folder, summary);
  const network = planNetwork(experiment.model, shapeOf(signature));
  const { parameters, state } = tensorsOf(checkpoint, network, experiment.optimizer);
  return {
    folder,
    summary,
    checkpoint: file,
    parameters: parameters.reduce((sum, { values }) => sum + values.length, 0),
    dataSha256: checkpoint.dataSha256 ?? summary?.dataSha256,
    doubts: [...fault, ...doubts],
    ...trainedModel(experiment, network, signature, parameters, state, classWeights),
  };
}

/** A summary that is damaged is left out: the checkpoints say all that is needed. */
async function soundSummary(folder: string): Promise<{ summary: RunSummary | undefined; fault: string[] }> {
  try {
    return { summary: await readSummary(folder), fault: [] };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { summary: undefined, fault: [error.message] };
  }
}
