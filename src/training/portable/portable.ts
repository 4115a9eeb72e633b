/** What a trained network takes along, so that it predicts on a page or in another program. */
import type { Signature } from '../../data/split.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { registeredModules } from '../../experiment/modules.ts';
import type { NetworkPlan } from '../../model/network.ts';
import { littleEndianBytes, type WeightTensor } from '../../model/weights.ts';

/** What the program is given, as texts that can stand in a file. */
export interface PortableData {
  /** As JSON: keys of a user may be any. */
  network: string;
  /** float32, little-endian: the parameters in the order of the plan, then the state. In base64. */
  weights: string;
  /** kernels.wasm, in base64. */
  kernels: string;
}

/** What the JSON holds. */
export interface PortableJson {
  /** Of the experiment, what predicting needs: nothing of where the data lies. */
  experiment: Pick<Experiment, 'seed' | 'model' | 'loss' | 'kernels'>;
  signature: Signature;
  /** Of classes. */
  names: readonly string[] | readonly number[] | undefined;
}

export interface PortableNetwork {
  json: PortableJson;
  /** See `PortableData.weights`. */
  weights: Uint8Array;
}

/** @param of with float32 numbers, each list in the order of the plan */
export function portableOf({
  experiment: { seed, model, loss, kernels },
  signature,
  parameters,
  state,
}: {
  experiment: Experiment;
  signature: Signature;
  parameters: readonly WeightTensor[];
  state: readonly WeightTensor[];
}): PortableNetwork {
  const { features, targets, preparation, unit } = signature;
  const json: PortableJson = {
    experiment: { seed, model, loss, kernels },
    signature: { features, targets, preparation, unit },
    names: targets.kind === 'classes' ? classNames(signature) : undefined,
  };
  const pieces = [...parameters, ...state].map(({ values }) => littleEndianBytes(values));
  const weights = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    weights.set(piece, at);
    at += piece.byteLength;
  }
  return { json, weights };
}

/** The module of the first layer that the program does not know, because somebody else has made it. */
export function foreignLayer({ nodes }: NetworkPlan): string | undefined {
  const used = new Set(nodes.map(({ config }) => config.kind));
  return registeredModules().find(({ kinds }) => kinds.some(({ kind }) => used.has(kind)))?.name;
}

/** What the network calls its classes: whole numbers where all names are, else texts. */
export function classNames({ targets }: Pick<Signature, 'targets'>): readonly string[] | readonly number[] {
  if (targets.kind !== 'classes') throw new TypeError(`classNames: expected classes, got ${targets.kind}`);
  const { names, count } = targets;
  if (!names) return Array.from({ length: count }, (_, c) => c);
  return names.every(isWhole) ? names.map(Number) : names;
}

const isWhole = (name: string) => Number.isSafeInteger(Number(name)) && String(Number(name)) === name;
