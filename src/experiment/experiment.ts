/**
 * An experiment: a YAML file that fully determines the bits of a result. Read, checked against the
 * schema, filled with defaults, and given back as canonical text.
 */
import { stringify } from 'yaml';
import type { KindConfig } from '../contracts/fields.ts';
import type { WatchedMetric } from '../contracts/figures.ts';
import type { OptimizerConfig } from '../contracts/optimizer.ts';
import { sha256 } from '../platform/digest.ts';

/** Published test figures, as shares. */
export interface Claims {
  /** Where they were published. */
  source: string;
  accuracy?: number;
  precision?: number;
  f1?: number;
}

/** Ends a training that gets no better. */
export interface EarlyStopping {
  metric: WatchedMetric;
  /** Evaluations without progress, after which the training ends. */
  patience: number;
  /** What the best figure must be beaten by. */
  minDelta: number;
}

/** A resolved experiment: every setting has its value. Plain data; it can be sent to a thread. */
export interface Experiment {
  name: string;
  description: string;
  /** Figures that somebody published for this network, to be printed beside what is measured. */
  claims?: Claims;
  /** Everything random in the training is named after this. */
  seed: number;
  data: {
    /** `mnist`, a folder of IDX files, or a CSV file. */
    source: string;
    /** Training images that are held out for validation. */
    validation: number;
    /** Training images that are used, of those that are left. */
    training: number | 'all';
    /** What is evaluated after each epoch. */
    monitor: 'validation' | 'test';
  };
  /** What is done to each training image, anew in each epoch; never to one that is evaluated. */
  augmentation: readonly KindConfig[];
  model: readonly KindConfig[];
  loss: KindConfig;
  optimizer: OptimizerConfig;
  schedule: KindConfig;
  /** Samples a step; `full` takes all of them. */
  batchSize: number | 'full';
  /** Length of the training; either this or `steps`. */
  epochs?: number;
  steps?: number;
  /** When figures are taken; the last step always is such a time. Either of the two. */
  evaluateEvery: { epochs?: number; steps?: number };
  earlyStopping?: EarlyStopping;
  /** The backend that computes; another element type gives other bits. */
  kernels: string;
  /** How it is executed; nothing here changes a bit of the result. */
  execution: {
    threads: number | 'auto';
  };
}

/** The experiment as YAML, in the order of the schema: the same text for the same experiment. */
export function canonicalText(experiment: Experiment): string {
  return stringify(experiment, { lineWidth: 0 });
}

/**
 * A digest of everything that determines the bits of the result, the data's content aside: SHA-256 of
 * the settings as JSON, in the order of the schema.
 */
export function fingerprint(experiment: Experiment): string {
  const { name: _, description: _d, claims: _c, execution: _e, data, ...rest } = experiment;
  const { source: _s, ...split } = data;
  const numerics = { ...rest, data: split };
  const digest = sha256();
  digest.add(JSON.stringify(numerics));
  return digest.hex();
}
