import type { Experiment } from '#lockstep/experiment/experiment.js';

export interface Network {
  name: string;
  file: string;
  folder?: string;
  samples?: number;
  warmUps?: number;
  batches?: { least?: number; most?: number };
}

export const networks: readonly Network[];
export const convolutional: readonly Network[];
export const wide: Network;
export const networkNames: readonly string[];
export function networkOf(name: string): Network | undefined;
export function samplesOf(network: Network): number;
export function warmUpsOf(network: Network, batchSize: number): number;
export function scaledFrom(samples: number): { 'scaled from': string } | undefined;
export function benchExperiment(network: Network, length: { batchSize: number; epochs: number }): Experiment;
