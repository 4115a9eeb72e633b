// Networks of any layers with drawn numbers, as an export has them, and the same at work.
import type { Signature } from '#lockstep/data/split.js';
import { shapeOf } from '#lockstep/data/split.js';
import type { ExportedNetwork } from '#lockstep/export/exported.js';
import { stream } from '#lockstep/foundation/random.js';
import { planNetwork } from '#lockstep/model/network.js';
import { weightsDigest } from '#lockstep/model/weights.js';
import { type TrainedModel, trainedModel } from '#lockstep/training/trained-model.js';
import { tinyExperiment } from './tiny.ts';

/** A network of these layers, whose numbers are drawn: variances are positive, all others around 0. */
export function drawnNetwork(
  signature: Signature,
  settings: object,
): { exported: ExportedNetwork; model: TrainedModel } {
  const experiment = tinyExperiment(settings);
  const network = planNetwork(experiment.model, shapeOf(signature));
  const draw = stream(1, 'drawn network');
  const tensor = ({ id, shape }: { id: string; shape: readonly number[] }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => {
      const value = draw.normal();
      if (id.endsWith('runningVariance')) return 0.5 + value * value;
      // Large biases would decide for one class alone.
      return id.endsWith('.b') ? value / 10 : value;
    });
    return { id, shape, values };
  };
  const parameters = network.parameters.map(tensor);
  const state = network.state.map(tensor);
  return {
    exported: {
      name: 'drawn',
      version: '1.2.3',
      experiment,
      network,
      signature,
      parameters,
      state,
      weightsSha256: weightsDigest(parameters),
      dataSha256: undefined,
      checkpoint: 'last.safetensors',
      doubts: [],
    },
    model: trainedModel(experiment, network, signature, parameters, state),
  };
}

const plainUnit = (count: number) => ({ mean: Array(count).fill(0), deviation: Array(count).fill(1) });

/** Rows of four numbers, as they are. */
export const numbers: Signature = {
  features: {
    kind: 'floats',
    shape: [4],
    columns: ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'number', name })),
  },
  targets: { kind: 'classes', count: 3 },
  preparation: {
    kind: 'columns',
    columns: ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'number', name, shift: 0, scale: 1 })),
  },
  unit: plainUnit(1),
};

/** Numbers and words in turn, some of them missing; a column is called as an output of ONNX is. */
export const words: Signature = {
  features: {
    kind: 'floats',
    shape: [4],
    columns: [
      { kind: 'category', name: 'town', words: ['Oslo', 'Bodø', 'new'] },
      { kind: 'number', name: 'year' },
      { kind: 'category', name: 'label', words: ['x', 'y'] },
      { kind: 'number', name: 'area' },
    ],
  },
  targets: { kind: 'classes', count: 3, names: ['no', 'yes', 'perhaps'], column: 'answer' },
  preparation: {
    kind: 'columns',
    columns: [
      { kind: 'category', name: 'town', words: ['Oslo', 'Bodø'], flagged: true },
      { kind: 'number', name: 'year', shift: 1999.7, scale: 7.3, missing: 1999.7, flagged: true },
      { kind: 'category', name: 'label', words: ['x', 'y'] },
      { kind: 'number', name: 'area', shift: 12.5, scale: 3, missing: 14 },
    ],
  },
  unit: plainUnit(1),
};

/** Numbers of which some are missing; two values to predict. */
export const gaps: Signature = {
  features: {
    kind: 'floats',
    shape: [3],
    columns: ['a', 'b', 'c'].map((name) => ({ kind: 'number', name })),
  },
  targets: { kind: 'values', names: ['price', 'rent'] },
  preparation: {
    kind: 'columns',
    columns: [
      { kind: 'number', name: 'a', shift: 2, scale: 3, missing: 5, flagged: true },
      { kind: 'number', name: 'b', shift: -1, scale: 0.5 },
      { kind: 'number', name: 'c', shift: 0, scale: 1, missing: 7, flagged: true },
    ],
  },
  unit: { mean: [1000, -3], deviation: [250, 0.5] },
};

/** Colour pictures of 2 x 3 pixels, whose files have numbers up to `white`. */
export const pictures = (white?: number): Signature => ({
  features: { kind: 'bytes', shape: [2, 3, 3], ...(white === undefined ? {} : { white }) },
  targets: { kind: 'classes', count: 3, names: ['3', '5', '8'] },
  preparation: { kind: 'pixels' },
  unit: plainUnit(1),
});

export const withTargets = (signature: Signature, targets: Signature['targets']): Signature => ({
  ...signature,
  targets,
  unit: plainUnit(targets.kind === 'classes' ? 1 : targets.names.length),
});
