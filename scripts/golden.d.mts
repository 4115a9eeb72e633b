import type { Figures } from '#lockstep/contracts/figures.js';
import type { Dataset } from '#lockstep/data/dataset.js';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import type { Executor } from '#lockstep/parallel/executor.js';
import type { EndEvent, EpochEvent } from '#lockstep/training/events.js';

/** An experiment as in its file. */
export type Settings = Record<string, unknown>;

export interface GoldenValues {
  weightsSha256: string;
  learningRate: number;
  train: EpochEvent['train'];
  validation: Figures;
  test: Figures;
}

export const goldenFile: URL;
export const goldenExperiments: Record<'momentum' | 'reference' | 'rectified', Settings>;
export function syntheticDataset(sizes?: {
  height?: number;
  width?: number;
  classes?: number;
  train?: number;
  test?: number;
}): Dataset;
export function resolve(settings: Settings, name?: string): Experiment;
export function runToEnd(
  experiment: Experiment,
  dataset: Dataset,
  executor: Executor,
): Promise<{
  epochs: Omit<EpochEvent, 'seconds' | 'samplesPerSecond' | 'best'>[];
  end: Omit<EndEvent, 'activeThreads'>;
}>;
export function goldenRun(settings: Settings, dataset: Dataset, executor: Executor): Promise<GoldenValues>;
export function golden(): Promise<Record<keyof typeof goldenExperiments, GoldenValues>>;
export function goldenDigest(values: object): string;
export function committedGolden(): Record<keyof typeof goldenExperiments, GoldenValues>;
