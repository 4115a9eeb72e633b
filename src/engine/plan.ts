/** The plan of an experiment on some data: the same in every thread. */
import { type SharedData, trainingCount } from '../data/split.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { ChannelShape } from '../kernels/kernels.ts';
import { backendOf } from '../model/backends.ts';
import { catalogue } from '../model/catalogue.ts';
import { type MemoryMap, mapMemory } from '../model/memory-map.ts';
import { type DataShape, type NetworkPlan, planNetwork } from '../model/network.ts';
import { augmentationRoom } from './augment.ts';
import { imagesListed } from './memory.ts';
import { minibatchesOf } from './minibatches.ts';

export interface Plan {
  network: NetworkPlan;
  map: MemoryMap;
  /** Rows of a full minibatch; the last of an epoch may have fewer, or one more. */
  batchSize: number;
  stepsPerEpoch: number;
  /** Steps of the whole training. */
  steps: number;
  /** Epochs of the whole training, a last one that is cut short included. */
  epochs: number;
  /** The last epoch in which images are distorted, counted from 1. */
  lastAugmented: number;
  /**
   * The learning rate at a step, counted from 0 over the whole training. Schedules that follow the training
   * have a second factor, see `Control.rateFactor`.
   */
  learningRate(step: number): number;
}

/** What the plan depends on. */
export type PlannedData = Pick<
  SharedData,
  keyof DataShape | keyof ChannelShape | 'train' | 'test' | 'validation' | 'order' | 'classWeights'
>;

/** @param ranks processes that share each minibatch */
export function planTraining(
  experiment: Experiment,
  data: PlannedData,
  threads: number,
  network: NetworkPlan = planNetwork(experiment.model, data),
  ranks = 1,
): Plan {
  const count = trainingCount(data);
  const {
    size: batchSize,
    largest,
    count: stepsPerEpoch,
  } = minibatchesOf(experiment.batchSize, count, network);
  const optimizer = catalogue.optimizer.get(experiment.optimizer.kind)!;
  const map = mapMemory(network, {
    layout: backendOf(experiment.kernels).layout,
    rows: largest,
    samples: Math.max(data.validation.length, data.test.count),
    slots: optimizer.slots(experiment.optimizer),
    images: imagesListed(experiment.kernels, { train: data.train.count, test: data.test.count }),
    augmentation: augmentationRoom(experiment.augmentation, data),
    clipped: experiment.optimizer.clipNorm > 0,
    weighted: data.classWeights !== undefined,
    ranks,
    threads,
  });
  const steps = experiment.steps ?? stepsPerEpoch * experiment.epochs!;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const factor = catalogue.schedule
    .get(experiment.schedule.kind)!
    .build(experiment.schedule, { steps, stepsPerEpoch });
  const base = experiment.optimizer.learningRate;
  const learningRate = (step: number) => base * factor(step);
  const { noAugmentationEpochs: plain } = experiment;
  const lastAugmented = plain === undefined ? Infinity : epochs - plain;
  return { network, map, batchSize, stepsPerEpoch, steps, epochs, lastAugmented, learningRate };
}
