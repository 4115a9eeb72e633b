/**
 * What a training brings to a sweep on another machine: the rows and the summary that its files would hold,
 * and, if it stops at a rung, the state that it can go on from.
 *
 * The state is that of last.safetensors and best.safetensors, one after the other.
 */

import type { Dataset } from '../data/dataset.ts';
import { type Experiment, fingerprint } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { asWeights } from '../model/weights.ts';
import type { Executor } from '../parallel/executor.ts';
import { bestCheckpoint, checkpointOf, lastCheckpoint, tensorsOf } from '../run/checkpoint.ts';
import type { RecordedEpoch } from '../run/csv.ts';
import { parseSafetensors, type SafetensorsFile, safetensorsOf } from '../run/safetensors.ts';
import type { Result } from '../run/summary.ts';
import type { EndEvent } from '../training/events.ts';
import { type Beginning, fitTraining } from '../training/prepare.ts';
import type { TrainingFiles } from './training-files.ts';

export interface Carry {
  /** Bytes of the largest state that is kept. A training with a larger one begins again. */
  most: number;
  /** A state of this training. */
  from?: Uint8Array | undefined;
}

/** Plain data, so that it can leave its thread. */
export interface Carried {
  /** It stopped because it came as far as it was to go. */
  waits: boolean;
  /** Epochs of the whole training; 0 if it failed. */
  epochs: number;
  rows: RecordedEpoch[];
  summary: Result | null;
  /** Only of one that waits, and only if it is not too large. */
  state?: Uint8Array | undefined;
}

interface Place {
  experiment: Experiment;
  dataset: Dataset;
  dataSha256: string;
}

/** Takes the place of the training's files. */
export function collectFiles(carried: Carried): TrainingFiles {
  return {
    async add({ epoch, step, learningRate, train, validation, seconds, samplesPerSecond }) {
      carried.rows.push({ epoch, step, learningRate, train, validation, seconds, samplesPerSecond });
    },
    async end(result) {
      carried.summary = result;
      return undefined;
    },
    async failed() {},
  };
}

/** The state of a training that waits. */
export function stateOf(
  event: EndEvent,
  { experiment, dataSha256, carry }: Place & { carry?: Carry },
  { waits }: Carried,
): Pick<Carried, 'state'> {
  if (!waits || !event.stopped) return {};
  const { signature, classWeights, best } = event;
  const facts = { experiment, dataSha256, signature, classWeights };
  const last = bytesOf(lastCheckpoint(facts, event.position()));
  const state = Buffer.concat([
    lengthOf(last),
    last,
    ...(best ? [bytesOf(bestCheckpoint(facts, best))] : []),
  ]);
  return state.length > carry!.most ? {} : { state };
}

const bytesOf = (file: SafetensorsFile) => Buffer.concat(safetensorsOf(file));

const headBytes = 8;

function lengthOf(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeBigUInt64LE(BigInt(bytes.length));
  return head;
}

/** Where a training goes on; undefined, so that it begins again, if the state is damaged or another's. */
export function taken(
  state: Uint8Array,
  { experiment, dataset, dataSha256 }: Place,
  executor: Executor,
): Beginning | undefined {
  const bytes = Buffer.from(state.buffer, state.byteOffset, state.byteLength);
  const length = bytes.length < headBytes ? Number.NaN : Number(bytes.readBigUInt64LE(0));
  if (!(length <= bytes.length - headBytes)) return undefined;
  const { plan } = fitTraining(experiment, { dataset, executor });
  const read = (part: Buffer) => {
    const checkpoint = checkpointOf('state', parseSafetensors('state', part));
    const ours = checkpoint.fingerprint === fingerprint(experiment) && checkpoint.dataSha256 === dataSha256;
    return ours
      ? { ...checkpoint, kinds: tensorsOf(checkpoint, plan.network, experiment.optimizer) }
      : undefined;
  };
  try {
    const last = read(bytes.subarray(headBytes, headBytes + length));
    const rest = bytes.subarray(headBytes + length);
    const best = rest.length > 0 ? read(rest) : undefined;
    if (!last?.position || (rest.length > 0 && !best)) return undefined;
    return {
      position: { ...last.position, epochs: last.epochs, tensors: last.kinds },
      ...(best
        ? {
            best: {
              epoch: best.epochs,
              weights: asWeights(best.kinds.parameters),
              state: asWeights(best.kinds.state),
            },
          }
        : {}),
    };
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}
