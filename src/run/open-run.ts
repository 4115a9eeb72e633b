/** Opens a run folder as a trained network, ready to work. */
import { type TrainedModel, type TrainedModelOptions, trainedModel } from '../training/trained-model.ts';
import { readTrained, type TrainedNetwork } from './read-trained.ts';
import type { RunSummary } from './summary.ts';

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
 * @param options `onProgress` hears how many samples have gone through the network, and of how many
 * @throws LockstepError `checkpoint` if no checkpoint is whole, or if it is of another run
 */
export async function openRun(
  folder: string,
  { onProgress }: Pick<TrainedModelOptions, 'onProgress'> = {},
): Promise<TrainedRun> {
  return runAtWork(folder, await readTrained(folder), { onProgress });
}

/** A run whose files have been read, at work. */
export function runAtWork(
  folder: string,
  trained: TrainedNetwork,
  { onProgress }: Pick<TrainedModelOptions, 'onProgress'> = {},
): TrainedRun {
  const { experiment, network, signature, parameters, state, classWeights } = trained;
  const { checkpoint, summary, dataSha256, doubts } = trained;
  return {
    folder,
    summary,
    checkpoint,
    parameters: parameters.reduce((sum, { values }) => sum + values.length, 0),
    dataSha256,
    doubts,
    ...trainedModel(experiment, network, signature, parameters, state, { classWeights, onProgress }),
  };
}
