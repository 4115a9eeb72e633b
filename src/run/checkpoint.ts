/**
 * What the checkpoints of a run hold: the weights and what makes them usable, and in last.safetensors all
 * that is needed to go on with the training. docs/formats.md describes the file.
 *
 * Parameters come first, then the layers' state, under their names; the optimizer's slots come last, as
 * `optimizer.<slot>.<parameter>`. Nothing in it depends on how the training was executed, so `cmp` can
 * compare two checkpoints.
 */
import { join } from 'node:path';
import type { Signature } from '../data/split.ts';
import { type Experiment, fingerprint, numericsOf } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import type { NetworkPlan } from '../model/network.ts';
import { asWeights, type NumberTensor, stateDigest, weightsDigest } from '../model/weights.ts';
import type { Position, Tensors } from '../training/run-state.ts';
import { isNumbers, isPosition } from './metadata-shape.ts';
import { runFiles } from './run-files.ts';
import { readSafetensors, type SafetensorsFile, safetensorsOf } from './safetensors.ts';
import { writeWhole } from './write-whole.ts';

/** The format of the files that are written now. Those of 0.1.0 say none. */
export const checkpointFormat = '2';

/** What all checkpoints of a training say alike. */
export interface CheckpointFacts {
  experiment: Experiment;
  dataSha256: string;
  signature: Signature;
  classWeights?: readonly number[] | undefined;
}

/** A checkpoint, read from its file. */
export interface Checkpoint {
  file: string;
  /** Parameters, the layers' state, and slots, in this order; see `tensorsOf`. */
  tensors: readonly NumberTensor[];
  weightsSha256: string;
  /** Undefined in files of 0.1.0, as is what follows. */
  stateSha256: string | undefined;
  dataSha256: string | undefined;
  fingerprint: string | undefined;
  /** As JSON. */
  signature: string | undefined;
  classWeights: readonly number[] | undefined;
  /** The settings that determine the bits, as JSON. */
  settings: string | undefined;
  /** Epochs done; a fraction within an epoch. */
  epochs: number;
  /** Where the training goes on; undefined if these are the best weights. */
  position: Omit<Position, 'tensors' | 'epochs'> | undefined;
}

/** The contents of last.safetensors: a training at this position. */
export function lastCheckpoint(
  facts: CheckpointFacts,
  { tensors, epochs, ...position }: Position,
): SafetensorsFile {
  const { parameters, state, slots } = tensors;
  const names = slotNames(facts.experiment.optimizer);
  const named = slots.flatMap((slot, s) => slot.map((one) => ({ ...one, id: `${names[s]}.${one.id}` })));
  return {
    tensors: [...parameters, ...state, ...named],
    metadata: {
      ...metadataOf(facts, parameters, state),
      epochs: String(epochs),
      position: JSON.stringify(position),
    },
  };
}

/** The contents of best.safetensors. */
export function bestCheckpoint(
  facts: CheckpointFacts,
  weights: { weights: readonly NumberTensor[]; state: readonly NumberTensor[]; epoch: number },
): SafetensorsFile {
  const { weights: parameters, state, epoch } = weights;
  return {
    tensors: [...parameters, ...state],
    metadata: { ...metadataOf(facts, parameters, state), epochs: String(epoch) },
  };
}

function metadataOf(
  { experiment, dataSha256, signature, classWeights }: CheckpointFacts,
  parameters: readonly NumberTensor[],
  state: readonly NumberTensor[],
): Record<string, string> {
  const weights = asWeights(parameters);
  return {
    format: checkpointFormat,
    experiment: experiment.name,
    fingerprint: fingerprint(experiment),
    settings: JSON.stringify(numericsOf(experiment)),
    dataSha256,
    weightsSha256: weightsDigest(weights),
    stateSha256: stateDigest(weights, asWeights(state)),
    signature: JSON.stringify(signature),
    ...(classWeights ? { classWeights: JSON.stringify(classWeights) } : {}),
  };
}

/** How the optimizer's slots are called in a checkpoint. */
const slotNames = (optimizer: Experiment['optimizer']) =>
  catalogue.optimizer
    .get(optimizer.kind)!
    .slots(optimizer)
    .map((name) => `optimizer.${name.replaceAll(' ', '_')}`);

/**
 * Reads a checkpoint and checks its digests.
 *
 * @throws LockstepError `checkpoint` if it is missing, damaged, or of a newer format
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  return checkpointOf(file, await readSafetensors(file));
}

/** The same for what is read already; `file` is for messages. */
export function checkpointOf(file: string, { tensors, metadata }: SafetensorsFile): Checkpoint {
  if (metadata.format !== undefined && metadata.format !== checkpointFormat) {
    const hint = 'it was written by a newer version of Lockstep';
    throw bad(file, `a checkpoint of format ${checkpointFormat}`, metadata.format, hint);
  }
  const { weightsSha256, stateSha256, dataSha256, signature, settings } = metadata;
  return {
    file,
    tensors,
    weightsSha256: weightsSha256 ?? '',
    stateSha256,
    dataSha256,
    fingerprint: metadata.fingerprint,
    signature,
    classWeights: parsed(file, 'classWeights', metadata.classWeights, isNumbers),
    settings,
    epochs: Number(metadata.epochs),
    position: parsed(file, 'position', metadata.position, isPosition),
  };
}

/**
 * The tensors of a checkpoint by their kinds, which must be those of the plan, in its order.
 *
 * @throws LockstepError `checkpoint` if they are others, or do not have the digests that the file promises
 */
export function tensorsOf(
  checkpoint: Checkpoint,
  network: NetworkPlan,
  optimizer: Experiment['optimizer'],
): Tensors {
  const { file, tensors, weightsSha256, stateSha256, position } = checkpoint;
  const named = ({ id, shape }: Pick<NumberTensor, 'id' | 'shape'>) => `${id} (${shape.join(', ')})`;
  const { parameters, state } = network;
  const slots = position
    ? slotNames(optimizer).map((name) => parameters.map((one) => ({ ...one, id: `${name}.${one.id}` })))
    : [];
  const planned = [...parameters, ...state, ...slots.flat()].map(named);
  for (let i = 0; i < Math.max(planned.length, tensors.length); i++) {
    const expected = planned[i] ?? 'nothing more';
    const got = tensors[i] ? named(tensors[i]!) : 'nothing more';
    if (expected !== got) throw bad(file, expected, got, `${runFiles.config} describes another network`);
  }
  const begin = parameters.length + state.length;
  const slot = (s: number) =>
    tensors.slice(begin + s * parameters.length, begin + (s + 1) * parameters.length);
  const split = {
    parameters: tensors.slice(0, parameters.length),
    state: tensors.slice(parameters.length, begin),
    slots: slots.map((_, s) => slot(s)),
  };
  const weights = asWeights(split.parameters);
  checkDigestOf(file, weightsSha256, weightsDigest(weights));
  if (stateSha256 !== undefined)
    checkDigestOf(file, stateSha256, stateDigest(weights, asWeights(split.state)));
  return split;
}

function checkDigestOf(file: string, promised: string | undefined, digest: string): void {
  if (promised === digest) return;
  const hint = 'the file is damaged, or of another run';
  throw bad(file, `weights of sha256 ${promised}, as its header says`, `sha256 ${digest}`, hint);
}

function parsed<T>(
  file: string,
  name: string,
  text: string | undefined,
  is: (value: unknown) => value is T,
): T | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // It is nothing that fits then.
  }
  if (is(value)) return value;
  throw bad(file, `metadata ${name} in JSON`, 'something else', 'the file is damaged');
}

/** Writes last.safetensors; the one before is kept beside it. */
export async function writeLast(folder: string, contents: SafetensorsFile): Promise<void> {
  const file = join(folder, runFiles.weights);
  await writeWhole(file, safetensorsOf(contents), join(folder, runFiles.previous));
}

function bad(where: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('checkpoint', { where, expected, got, ...(hint ? { hint } : {}) });
}
