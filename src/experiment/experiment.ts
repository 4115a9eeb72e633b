/**
 * An experiment: a YAML file that fully determines the bits of a result. Read, checked against the
 * schema, filled with defaults, and given back as canonical text.
 */
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { KindConfig } from '../contracts/fields.ts';
import type { KernelsName } from '../kernels/kernels.ts';

/** Published test figures, as shares. */
export interface Claims {
  /** Where they were published. */
  source: string;
  accuracy?: number;
  precision?: number;
  f1?: number;
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
    /** What is evaluated after each epoch. */
    monitor: 'validation' | 'test';
  };
  model: readonly KindConfig[];
  loss: KindConfig;
  optimizer: KindConfig;
  schedule: KindConfig;
  batchSize: number;
  epochs: number;
  kernels: KernelsName;
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
export function fingerprint({
  seed,
  data,
  model,
  loss,
  optimizer,
  schedule,
  batchSize,
  epochs,
  kernels,
}: Experiment): string {
  const { source: _, ...split } = data;
  const numerics = { seed, data: split, model, loss, optimizer, schedule, batchSize, epochs, kernels };
  return createHash('sha256').update(JSON.stringify(numerics)).digest('hex');
}
