/** Opens a run folder as a trained network, ready to work. */
import { join } from 'node:path';
import { shapeOf } from '../data/split.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { planNetwork } from '../model/network.ts';
import { type WeightTensor, weightsDigest } from '../model/weights.ts';
import { type TrainedModel, trainedModel } from '../training/trained-model.ts';
import { readSignature } from './read-signature.ts';
import { type RunSummary, readRun, runFiles } from './run-folder.ts';
import { readSafetensors } from './safetensors.ts';

/** A run with its network, ready to work. */
export interface TrainedRun extends TrainedModel {
  folder: string;
  summary: RunSummary;
}

/**
 * Opens a run that was trained before.
 *
 *     const run = await openRun('runs/mnist-20260101-120000');
 *     const { test } = await openDataset('mnist');
 *     console.log(run.evaluate(test).accuracy);
 *     const first = test.features.subarray(0, run.inputs);
 *     console.log(run.probabilities(first)); // Float64Array(10)
 *
 * @throws LockstepError `checkpoint` if a file of the run is missing, damaged, or of another run
 */
export async function openRun(folder: string): Promise<TrainedRun> {
  checkText('folder', folder, 'the path of a run folder');
  const { experiment, summary } = await readRun(folder);
  const file = join(folder, summary.result === 'best' ? runFiles.best : runFiles.weights);
  const { tensors, metadata } = await readSafetensors(file);
  const signature = readSignature(file, metadata.signature, folder, summary);
  const network = planNetwork(experiment.model, shapeOf(signature));
  checkTensors(file, tensors, [...network.parameters, ...network.state]);
  const weights = tensors.slice(0, network.parameters.length);
  const digest = weightsDigest(weights);
  for (const [origin, promised] of [
    ['its header', metadata.weightsSha256],
    [runFiles.summary, summary.weightsSha256],
  ]) {
    if (promised === digest) continue;
    throw new LockstepError('checkpoint', {
      where: file,
      expected: `weights of sha256 ${promised}, as ${origin} says`,
      got: `sha256 ${digest}`,
      hint: 'the file is damaged, or of another run',
    });
  }
  const state = tensors.slice(network.parameters.length);
  const classWeights = metadata.classWeights ? (JSON.parse(metadata.classWeights) as number[]) : undefined;
  return {
    folder,
    summary,
    ...trainedModel(experiment, network, signature, weights, state, classWeights),
  };
}

/** The tensors must be those of the plan, in its order. */
function checkTensors(
  file: string,
  tensors: readonly WeightTensor[],
  planned: readonly Pick<WeightTensor, 'id' | 'shape'>[],
): void {
  const named = ({ id, shape }: Pick<WeightTensor, 'id' | 'shape'>) => `${id} (${shape.join(', ')})`;
  for (let i = 0; i < Math.max(planned.length, tensors.length); i++) {
    const expected = planned[i] ? named(planned[i]!) : 'nothing more';
    const got = tensors[i] ? named(tensors[i]!) : 'nothing more';
    if (expected === got) continue;
    const hint = `${runFiles.config} describes another network`;
    throw new LockstepError('checkpoint', { where: file, expected, got, hint });
  }
}
