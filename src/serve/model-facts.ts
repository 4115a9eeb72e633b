/** What `GET /model` tells: what the network reads, what it predicts, and which weights these are. */
import { relative } from 'node:path';
import type { Features } from '../data/dataset.ts';
import { outputNames, targetNames } from '../data/target-names.ts';
import type { TrainedNetwork } from '../run/read-trained.ts';
import type { ServeLimits } from './limits.ts';

export interface ModelFacts {
  name: string;
  task: 'classes' | 'values' | 'flags';
  input:
    | { kind: 'pictures'; height: number; width: number; channels: number; white: number }
    | {
        kind: 'table';
        columns: readonly { name: string; kind: 'number' | 'word'; words?: readonly string[] }[];
        /** Whether a cell may be missing. */
        missing: boolean;
      };
  output: {
    /** Names of what is predicted. */
    names: readonly string[];
    /** Of classes: all of them, as `probabilities` names them. */
    classes?: readonly string[];
  };
  parameters: number;
  /** Epochs that the weights were trained for. */
  epoch: number;
  /** The file of the run folder that the weights are from. */
  checkpoint: string;
  weightsSha256: string;
  /** What is to be known of the weights. */
  doubts: readonly string[];
  limits: { bodyBytes: number; rows: number; picturePixels: number };
}

export function modelFacts(folder: string, network: TrainedNetwork, limits: ServeLimits): ModelFacts {
  const { experiment, signature, parameters, epochs, checkpoint, weightsSha256, doubts } = network;
  const { targets } = signature;
  const { bodyBytes, rows, picturePixels } = limits;
  return {
    name: experiment.name,
    task: targets.kind,
    input: inputOf(signature.features, (experiment.data.missing ?? 'refuse') !== 'refuse'),
    output: {
      names: targetNames(signature),
      ...(targets.kind === 'classes' ? { classes: outputNames(signature) } : {}),
    },
    parameters: parameters.reduce((sum, { values }) => sum + values.length, 0),
    epoch: epochs,
    checkpoint: relative(folder, checkpoint).replaceAll('\\', '/'),
    weightsSha256,
    doubts,
    limits: { bodyBytes, rows, picturePixels },
  };
}

function inputOf(features: Features, missing: boolean): ModelFacts['input'] {
  if (features.kind === 'bytes') {
    const [height, width, channels] = features.shape;
    return { kind: 'pictures', height, width, channels, white: features.white ?? 255 };
  }
  const columns = features.columns.map((column) =>
    column.kind === 'number'
      ? { name: column.name, kind: 'number' as const }
      : { name: column.name, kind: 'word' as const, words: column.words },
  );
  return { kind: 'table', columns, missing };
}
