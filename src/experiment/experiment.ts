/**
 * An experiment is a YAML file that fully determines the bits of a result. Here are its resolved form, in
 * which every setting has a value, and its canonical text.
 */
import { stringify } from 'yaml';
import type { KindConfig } from '../contracts/fields.ts';
import type { OptimizerConfig } from '../contracts/optimizer.ts';
import { checkObject } from '../foundation/check.ts';
import { sha256 } from '../platform/digest.ts';
import type { DataSettings } from './data-settings.ts';

/** Published test figures, as shares. */
export interface Claims {
  /** The publication. */
  source: string;
  /** By the name of the figure; shares as 0.96. */
  readonly [figure: string]: number | string | undefined;
}

/** Ends a training that no longer improves. */
export interface EarlyStopping {
  /** The name of a figure of the task. */
  metric: string;
  /** Evaluations without progress after which the training ends. */
  patience: number;
  /** The margin by which the best figure must be beaten. */
  minDelta: number;
}

/** The end of a shorter training, which a longer one goes on from. */
export interface Continued {
  /** Epochs done. */
  epochs: number;
  /** Of its weights and state. */
  stateSha256: string;
}

/** The weights that a training begins with instead of drawing them. */
export interface PretrainedRecord {
  /** Run or file. */
  from: string;
  /** Of the weights and the state that are taken. */
  stateSha256: string;
}

/** A resolved experiment: every setting has its value. It is plain data and can be sent to a thread. */
export interface Experiment {
  name: string;
  description: string;
  /** Figures that were published for this network, to be printed beside the measured ones. */
  claims?: Claims;
  /** All random numbers of the training are keyed by this. */
  seed: number;
  data: DataSettings;
  /** Distorts each training image anew in each epoch. Evaluated images are never distorted. */
  augmentation: readonly KindConfig[];
  /** Epochs at the end of the training in which its images are not distorted. */
  noAugmentationEpochs?: number;
  model: readonly KindConfig[];
  loss: KindConfig;
  /** What a sample's loss is multiplied by, by its class. */
  classWeights?: 'balanced' | readonly number[];
  optimizer: OptimizerConfig;
  schedule: KindConfig;
  /** Samples of a step; `full` takes all training samples. */
  batchSize: number | 'full';
  /** Length of the training; either this or `steps`. */
  epochs?: number;
  steps?: number;
  /** The weights that it begins with, if those of another training. */
  pretrained?: PretrainedRecord;
  /** The checkpoint that it goes on from, if it is longer than was planned: another experiment. */
  continues?: Continued;
  /** Modules of the program that trains, with kinds and figures of its own. */
  registered?: readonly { name: string; sha256: string }[];
  /** When figures are taken, in epochs or in steps. They are always taken after the last step. */
  evaluateEvery: { epochs?: number; steps?: number };
  earlyStopping?: EarlyStopping;
  /** The backend that computes; another element type gives other bits. */
  kernels: string;
  /** How the training is executed. Nothing here changes a bit of the result. */
  execution: {
    threads: number | 'auto';
    /** How often a checkpoint is taken: either of the two. */
    checkpoint: { minutes?: number; epochs?: number };
  };
}

/** The experiment as YAML in the order of the schema. The same experiment always gives the same text. */
export function canonicalText(experiment: Experiment): string {
  checkObject('experiment', experiment, 'an experiment');
  return stringify(experiment, { lineWidth: 0 });
}

/**
 * All that determines the bits of the result, except the content of the data: the settings in the order of
 * the schema, without name, description, claims, execution, and where the data lies.
 */
export function numericsOf(experiment: Experiment): Readonly<Record<string, unknown>> {
  const { data: given } = checkObject('experiment', experiment, 'an experiment');
  checkObject('experiment.data', given, 'the data settings of an experiment');
  const { name: _, description: _d, claims: _c, execution: _e, data, ...rest } = experiment;
  const { source: _s, test: _t, from: _f, ...split } = data;
  const numerics = { ...rest, data: split };
  if (!rest.pretrained) return numerics;
  const { from: _p, ...pretrained } = rest.pretrained;
  return { ...numerics, pretrained };
}

/** The digest of those: SHA-256 of them as JSON. */
export function fingerprint(experiment: Experiment): string {
  const digest = sha256();
  digest.add(JSON.stringify(numericsOf(experiment)));
  return digest.hex();
}
