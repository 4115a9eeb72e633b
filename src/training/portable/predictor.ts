/**
 * What an exported ES module does when it is called. The build makes one file of this, of the code by which
 * Lockstep evaluates, and of all that they import, for Node and browsers (program.js); an export puts the
 * numbers of a network and the kernels beside it. So the predictions have the bits of `train predict`.
 *
 * Nothing here may know Node.
 */
import { type Signature, shapeOf } from '../../data/split.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { planNetwork } from '../../model/network.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { provideKernels } from '../../platform/browser/kernels-module.ts';
import { type Rows, type TrainedModel, trainedModel } from '../trained-model.ts';
import type { PortableData, PortableJson } from './portable.ts';
import { type GivenRows, rowReader } from './rows.ts';

export type Prediction =
  | { class: string | number; probabilities: number[] }
  | { values: number[] }
  | { flags: number[]; probabilities: number[] };

export interface PortablePredictor {
  /** Predicts one row or a list of rows, as an app has them. */
  predict(given: unknown): Prediction | Prediction[];
  /** Predicts rows as the network's data set holds them: bytes of pictures, float64 of tables. */
  predictRows(rows: Rows): Prediction[];
}

/** The network is made with the first row. */
export function portablePredictor({ network: json, weights, kernels }: PortableData): PortablePredictor {
  const { experiment, signature, names } = JSON.parse(json) as PortableJson;
  const read = rowReader(signature.features);
  let model: TrainedModel | undefined;
  const predictRows = (rows: Rows): Prediction[] => {
    if (rows.count === 0) return [];
    if (!model) {
      provideKernels(bytesOf(kernels));
      model = open(experiment, signature, new Float32Array(bytesOf(weights).buffer));
    }
    return predictionsOf(model, rows, names);
  };
  return {
    predictRows,
    predict(given) {
      const { rows, single }: GivenRows = read(given);
      const predictions = predictRows(rows);
      return single ? predictions[0]! : predictions;
    },
  };
}

/** `predict` of one row or of a list of rows. */
export function predictor(data: PortableData): (given: unknown) => Prediction | Prediction[] {
  return portablePredictor(data).predict;
}

function open(
  experiment: PortableJson['experiment'],
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

function predictionsOf(model: TrainedModel, rows: Rows, names: PortableJson['names']): Prediction[] {
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
