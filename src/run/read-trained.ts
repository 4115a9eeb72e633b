/** What a run folder holds of its network: the weights that count, and all that gives them a meaning. */
import type { Signature } from '../data/split.ts';
import { shapeOf } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { type NetworkPlan, planNetwork } from '../model/network.ts';
import type { NumberTensor } from '../model/weights.ts';
import { tensorsOf } from './checkpoint.ts';
import { resultCheckpoint } from './choose-checkpoint.ts';
import { readSignature } from './read-signature.ts';
import { readConfig } from './run-folder.ts';
import { type RunSummary, readSummary } from './summary.ts';

/** A trained network as plain data. */
export interface TrainedNetwork {
  experiment: Experiment;
  network: NetworkPlan;
  signature: Signature;
  /** In the order of the plan. */
  parameters: readonly NumberTensor[];
  /** What layers carry beside the parameters, likewise. */
  state: readonly NumberTensor[];
  classWeights: readonly number[] | undefined;
  weightsSha256: string;
  /** Epochs that it was trained for; a fraction within an epoch. */
  epochs: number;
  /** The file that the weights are from. */
  checkpoint: string;
  /** Undefined if the training did not come to its end. */
  summary: RunSummary | undefined;
  /** Of the data that it was trained on; undefined if nothing says so. */
  dataSha256: string | undefined;
  /** What is to be known of the weights, such as that a file is damaged and an older one was taken. */
  doubts: readonly string[];
}

/**
 * Reads the network of a run: one that was trained to its end, or any folder with a whole checkpoint.
 *
 * @throws LockstepError `checkpoint` if no checkpoint is whole, or if it is of another run
 */
export async function readTrained(folder: string): Promise<TrainedNetwork> {
  checkText('folder', folder, 'the path of a run folder');
  const { experiment } = await readConfig(folder);
  const { summary, fault } = await soundSummary(folder);
  const { checkpoint, doubts } = await resultCheckpoint(folder, experiment, summary, fault.length > 0);
  const { file, classWeights, weightsSha256 } = checkpoint;
  const signature = readSignature(file, checkpoint.signature, folder, summary);
  const network = planNetwork(experiment.model, shapeOf(signature));
  const { parameters, state } = tensorsOf(checkpoint, network, experiment.optimizer);
  return {
    experiment,
    network,
    signature,
    parameters,
    state,
    classWeights,
    weightsSha256,
    epochs: checkpoint.epochs,
    checkpoint: file,
    summary,
    dataSha256: checkpoint.dataSha256 ?? summary?.dataSha256,
    doubts: [...fault, ...doubts],
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
