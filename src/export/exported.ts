/** A trained network as the writers of all formats take it: finite float32 numbers, and what they mean. */
import type { Task } from '../contracts/task.ts';
import type { Signature } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { NetworkPlan } from '../model/network.ts';
import { asWeights, type WeightTensor } from '../model/weights.ts';
import { version } from '../platform/version.ts';
import { readTrained } from '../run/read-trained.ts';

export interface ExportedNetwork {
  /** Of the experiment. */
  name: string;
  /** Version of Lockstep. */
  version: string;
  experiment: Experiment;
  network: NetworkPlan;
  signature: Signature;
  /** In the order of the plan. */
  parameters: readonly WeightTensor[];
  /** Running statistics, likewise. */
  state: readonly WeightTensor[];
  weightsSha256: string;
  /** Of the data that it was trained on, if it is known. */
  dataSha256: string | undefined;
  /** The file that the weights are from. */
  checkpoint: string;
  doubts: readonly string[];
}

/**
 * Reads the network of a run folder that has a whole checkpoint.
 *
 * @throws LockstepError `checkpoint` if there is none, or if a number of it is not finite
 */
export async function readExported(folder: string): Promise<ExportedNetwork> {
  const trained = await readTrained(folder);
  const { experiment, network, signature, weightsSha256, dataSha256, checkpoint, doubts } = trained;
  const parameters = asWeights(trained.parameters);
  const state = asWeights(trained.state);
  for (const { id, values } of [...parameters, ...state]) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new LockstepError('checkpoint', {
      where: `${checkpoint}, ${id}`,
      expected: 'finite numbers only',
      got: `${values[at]}, at place ${at}`,
      hint: 'the training diverged; a smaller learning rate may help',
    });
  }
  const { name } = experiment;
  return {
    name,
    version,
    experiment,
    network,
    signature,
    parameters,
    state,
    weightsSha256,
    dataSha256,
    checkpoint,
    doubts,
  };
}

/** What an exported file says of itself, as JSON. */
export interface Description {
  /** The version that wrote it. */
  lockstep: string;
  name: string;
  weightsSha256: string;
  task: Task;
  /** Numbers that the network reads, after the preparation. */
  inputs: number;
  outputs: number;
  /** Of pictures: height, width, channels; of a table: columns. */
  shape: readonly number[];
  /** What a sample is; see docs/formats.md. */
  features: Signature['features'];
  /** Classes, values or flags, with their names. */
  targets: Signature['targets'];
  preparation: Signature['preparation'];
  /** value = mean + deviation * output */
  unit: Signature['unit'];
  /** The layers, as in an experiment. */
  model: Experiment['model'];
  loss: Experiment['loss'];
}

export function describe({
  name,
  version,
  weightsSha256,
  signature,
  network,
  experiment,
}: ExportedNetwork): Description {
  const { features, targets, preparation, unit } = signature;
  const { task, inputs, outputs } = network;
  return {
    lockstep: version,
    name,
    weightsSha256,
    task,
    inputs,
    outputs,
    shape: features.shape,
    features,
    targets,
    preparation,
    unit,
    model: experiment.model,
    loss: experiment.loss,
  };
}

/** The same for formats whose metadata are texts: what is no text becomes JSON. */
export function describeInTexts(exported: ExportedNetwork): Record<string, string> {
  const entries = Object.entries(describe(exported));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
