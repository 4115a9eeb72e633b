/**
 * What an exported ES module does when it is called. The build makes one file of this, of the code by which
 * Lockstep evaluates, and of all that they import, for Node and browsers; an export puts the numbers of a
 * network and the kernels beside it. So the predictions have the bits of `train predict`.
 *
 * Nothing here may know Node.
 */
import { type Signature, shapeOf } from '../../data/split.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { planNetwork } from '../../model/network.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { provideKernels } from '../../platform/browser/kernels-module.ts';
import { type TrainedModel, trainedModel } from '../../training/trained-model.ts';
import { type GivenRows, rowReader } from './rows.ts';

/** What an export writes into its file. */
export interface ExportedData {
  /** As JSON: keys of a user may be any. */
  network: string;
  /** float32, little-endian: the parameters in the order of the plan, then the state. In base64. */
  weights: string;
  /** kernels.wasm, in base64. */
  kernels: string;
}

/** What the JSON holds. */
export interface ExportedJson {
  /** Of the experiment, what predicting needs: nothing of where the data lies. */
  experiment: Pick<Experiment, 'seed' | 'model' | 'loss' | 'kernels'>;
  signature: Signature;
  /** Of classes. */
  names: readonly string[] | readonly number[] | undefined;
}

export type Prediction =
  | { class: string | number; probabilities: number[] }
  | { values: number[] }
  | { flags: number[]; probabilities: number[] };

/** `predict` of one row or of a list of rows. The network is made with the first. */
export function predictor({
  network: json,
  weights,
  kernels,
}: ExportedData): (given: unknown) => Prediction | Prediction[] {
  const { experiment, signature, names } = JSON.parse(json) as ExportedJson;
  const read = rowReader(signature.features);
  let model: TrainedModel | undefined;
  return (given) => {
    const { rows, single }: GivenRows = read(given);
    if (rows.count === 0) return [];
    if (!model) {
      provideKernels(bytesOf(kernels));
      model = open(experiment, signature, new Float32Array(bytesOf(weights).buffer));
    }
    const predictions = predictionsOf(model, rows, names);
    return single ? predictions[0]! : predictions;
  };
}

function open(
  experiment: ExportedJson['experiment'],
  signature: Signature,
  numbers: Float32Array,
): TrainedModel {
  const network = planNetwork(experiment.model, shapeOf(signature));
  let at = 0;
  const take = ({ id, shape }: Pick<NumberTensor, 'id' | 'shape'>): NumberTensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    at += count;
    return { id, shape, values: numbers.subarray(at - count, at) };
  };
  const parameters = network.parameters.map(take);
  return trainedModel(experiment as Experiment, network, signature, parameters, network.state.map(take));
}

function predictionsOf(
  model: TrainedModel,
  rows: GivenRows['rows'],
  names: ExportedJson['names'],
): Prediction[] {
  const { outputs, signature } = model;
  const predicted = model.predict(rows);
  const row = (array: ArrayLike<number>, r: number) =>
    Array.from({ length: outputs }, (_, c) => array[r * outputs + c]!);
  if (signature.targets.kind === 'values') {
    return Array.from({ length: rows.count }, (_, r) => ({ values: row(predicted, r) }));
  }
  const likely = model.probabilities(rows);
  return Array.from({ length: rows.count }, (_, r) =>
    signature.targets.kind === 'flags'
      ? { flags: row(predicted, r), probabilities: row(likely, r) }
      : { class: names![predicted[r]!]!, probabilities: row(likely, r) },
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
