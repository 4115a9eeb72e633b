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

/** Of a training on another kind of data. */
export interface GoldenTaskValues extends GoldenValues {
  dataSha256: string;
  /** Of the fitted preparation and unit, and of the weights of the classes. */
  signatureSha256: string;
  epochs: number;
  stoppedEarly: boolean;
  bestEpoch: number;
}

type Golden = Record<keyof typeof goldenExperiments, GoldenValues> &
  Record<keyof typeof goldenTasks, GoldenTaskValues>;

export const goldenFile: URL;
export const goldenExperiments: Record<'momentum' | 'reference' | 'rectified', Settings>;
export const goldenTasks: Record<
  'table' | 'values' | 'flags' | 'colour' | 'convolution' | 'two-moons' | 'spirals',
  { settings: Settings; dataset: (sizes?: { train?: number; test?: number; gaps?: number }) => Dataset }
>;
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
export function goldenTaskRun(
  settings: Settings,
  dataset: Dataset,
  executor: Executor,
): Promise<GoldenTaskValues>;
export function golden(): Promise<Golden>;
export function goldenDigest(values: object): string;
export function committedGolden(): Golden;
