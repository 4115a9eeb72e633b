/** Everything that a training needs before its first step: plan, memory, initial weights, words, state. */

import { figureNamed } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import type { Dataset } from '../data/dataset.ts';
import { monitored, type SetOfSamples, type SharedData, shareData } from '../data/split.ts';
import { checkAugmentable } from '../engine/augment.ts';
import { createMemory, elementsOf, type SharedMemory } from '../engine/memory.ts';
import { refuseSingleRows } from '../engine/minibatches.ts';
import { type Plan, planTraining } from '../engine/plan.ts';
import { createProfile, type ProfileMemory } from '../engine/profile.ts';
import { refuseUnshared } from '../engine/unshared.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { bytes } from '../foundation/format.ts';
import type { Elements } from '../kernels/layout.ts';
import { backendOf } from '../model/backends.ts';
import { catalogue, figuresFor } from '../model/catalogue.ts';
import { type Locate, planNetwork } from '../model/network.ts';
import { initializeState, initializeWeights, writeSome } from '../model/weights.ts';
import type { Executor, Task as ExecutorTask } from '../parallel/executor.ts';
import { freeMemory } from '../platform/memory.ts';
import { type Control, createControl } from '../sync/control.ts';
import type { Weights } from './events.ts';
import { type Pretrained, taken, unitsKept } from './pretrained.ts';
import { type Position, type RunState, runState, span } from './run-state.ts';

export interface TrainOptions {
  dataset: Dataset;
  executor: Executor;
  /** Measures what each thread spends its time on; see EpochEvent.profile. */
  profile?: boolean;
  /** Stops the training after the step at hand; the events then end with `stopped: true`. */
  signal?: AbortSignal;
  /** Turns a path into the experiment into a place in its file, for messages. */
  locate?: Locate;
  /** False leaves the test set alone; a sweep looks at it for its winner only. */
  test?: boolean;
  /** Goes on from here instead of from the first step. */
  from?: Beginning | undefined;
  /** Begins with these weights instead of drawing them. */
  pretrained?: Pretrained | undefined;
  /**
   * For many trainings on one data set, one after the other, such as a sweep's: each gets the same object,
   * keeps its memory there, and uses that of the one before.
   */
  reuse?: Reuse;
}

/** Where a training begins that was interrupted. The experiment and the data must be those of then. */
export interface Beginning {
  position: Position;
  /**
   * The best weights so far, with their epoch, if the training keeps them. They may be later ones: the
   * training comes to them again.
   */
  best?: Weights & { epoch: number };
}

/** What a training leaves for the next one. */
export interface Reuse {
  memory?: SharedMemory;
  /** Elements at its beginning in which the images are packed. */
  packed?: number;
}

/** A training that can begin. */
export interface Prepared {
  plan: Plan;
  task: ExecutorTask;
  control: Control;
  state: RunState;
  /** The kernels' memory. */
  elements: Elements;
  /** Indices of the samples that are trained on. */
  trained: Uint32Array;
  /** The set whose figures are taken during the training, if there is one. */
  monitored: SetOfSamples | undefined;
  profile: ProfileMemory | undefined;
  /** The images lie packed in the memory already. */
  packed: boolean;
}

/** What is known of a training before anything large is allocated. */
export interface Fitted {
  plan: Plan;
  data: SharedData;
  /** Indices of the samples that are trained on. */
  trained: Uint32Array;
}

/**
 * Plans a training, and checks that it can be done: `--dry-run` says what a run would say.
 *
 * @throws LockstepError `usage` if the experiment does not fit the data or the memory
 */
export function fitTraining(
  experiment: Experiment,
  options: Pick<TrainOptions, 'dataset' | 'executor' | 'locate' | 'pretrained'>,
): Fitted {
  const { dataset, executor, locate = (path) => path, pretrained } = options;
  checkTask(experiment, dataset, locate);
  const { data, training: trained } = shareData(
    experiment,
    dataset,
    locate,
    unitsKept(experiment, dataset, pretrained),
  );
  const network = planNetwork(experiment.model, data, locate);
  refuseSingleRows(network, experiment, trained.length, locate);
  if (executor.ranks) refuseUnshared(network, experiment, trained.length, executor.ranks, locate);
  const plan = planTraining(experiment, data, executor.threads, network, executor.ranks?.count);
  checkAugmentable(experiment.augmentation, data, locate);
  checkWatched(experiment, network.task, locate);
  checkMemory(experiment, plan, locate);
  if (experiment.pretrained && !pretrained) throw withoutWeights(locate);
  return { plan, data, trained };
}

/** @throws LockstepError `usage` if the experiment does not fit the data or the memory */
export function prepare(experiment: Experiment, options: TrainOptions): Prepared {
  const { executor, reuse } = options;
  const { threads } = executor;
  const { plan, data, trained } = fitTraining(experiment, options);
  if (experiment.continues && !options.from) {
    const { locate = (path) => path } = options;
    throw new LockstepError('usage', {
      where: locate('continues'),
      expected: 'the checkpoint that the training goes on from',
      got: 'none',
      hint: 'use `train resume` with its folder',
    });
  }
  const { network } = plan;
  const begins = options.from ? undefined : options.pretrained;
  const given = begins && taken(experiment, network, begins, options.locate ?? ((path) => path));
  const { memory, packed } = takeMemory(experiment, plan, reuse);
  const elements = elementsOf(memory);
  initializeWeights(elements, network.parameters, plan.map.parameters, experiment.seed);
  initializeState(elements, network.state, plan.map.state);
  if (given) {
    writeSome(elements, network.parameters, plan.map.parameters, given.parameters);
    writeSome(elements, network.state, plan.map.state, given.state);
  }
  if (plan.map.classWeights) elements.set(data.classWeights!, plan.map.classWeights.offset);
  const { minibatches } = figuresFor(network.task);
  const control = createControl(threads, 1 + minibatches.sums(network.outputs));
  const profile = options.profile ? createProfile(threads) : undefined;
  return {
    plan,
    task: { experiment, data, control: control.words.buffer, memory, threads, profile },
    control,
    state: runState(elements, network, plan.map, control),
    elements,
    trained,
    monitored: monitored(experiment, data),
    profile,
    packed,
  };
}

/** Only the command line and the library can bring weights; an experiment says no more than their digest. */
function withoutWeights(locate: Locate): LockstepError {
  return new LockstepError('usage', {
    where: locate('pretrained'),
    expected: 'the weights that the training begins with',
    got: 'none',
    hint: 'name them with --from, or remove the setting',
  });
}

/** Memory for the plan, that of the training before if it will do. */
function takeMemory(
  { kernels }: Experiment,
  { map }: Plan,
  reuse: Reuse | undefined,
): { memory: SharedMemory; packed: boolean } {
  const { elements, packedElements } = map;
  const memory = createMemory(kernels, elements, reuse?.memory, packedElements);
  const packed = memory === reuse?.memory && reuse.packed === packedElements;
  if (reuse) Object.assign(reuse, { memory, packed: packed ? packedElements : 0 });
  return { memory, packed };
}

/**
 * Early stopping, and schedules that follow the training, need a validation set: the test set must not
 * decide.
 */
function checkWatched({ data, earlyStopping, schedule }: Experiment, task: Task, locate: Locate): void {
  const follows = catalogue.schedule.get(schedule.kind)!.follow !== undefined;
  if (!earlyStopping && !follows) return;
  if (earlyStopping) checkFigure(task, earlyStopping.metric, locate('earlyStopping.metric'));
  if (follows) checkFigure(task, String(schedule.metric), locate('schedule.metric'));
  const watched = data.monitor === 'validation' && data.validation > 0;
  if (watched) return;
  const watcher = earlyStopping ? 'earlyStopping' : schedule.kind;
  throw new LockstepError('usage', {
    where: locate(data.monitor === 'test' ? 'data.monitor' : 'data.validation'),
    expected: `validation samples, because ${watcher} watches their figures`,
    got: data.monitor === 'test' ? 'the test set, which must not decide anything' : 'none',
    hint: data.monitor === 'test' ? 'remove `monitor: test`' : 'hold some out, such as `validation: 5000`',
  });
}

function checkFigure(task: Task, name: string, where: string): void {
  const table = figuresFor(task);
  if (figureNamed(table, name)) return;
  const names = ['loss', ...table.figures.map(({ name }) => name)].join(', ');
  throw new LockstepError('usage', { where, expected: `a figure of ${task}: ${names}`, got: name });
}

/** The loss must be made for what the data has to predict. */
export function checkTask(
  { loss }: Pick<Experiment, 'loss'>,
  { targets }: Pick<Dataset, 'targets'>,
  locate: Locate,
): void {
  const { tasks } = catalogue.loss.get(loss.kind)!;
  if (tasks.includes(targets.kind)) return;
  const others = [...catalogue.loss.values()].filter(({ tasks }) => tasks.includes(targets.kind));
  throw new LockstepError('usage', {
    where: locate('loss'),
    expected: `a loss for ${targets.kind}, which the data has to predict`,
    got: `${loss.kind}, which is for ${tasks.join(' and ')}`,
    hint: `take ${others.map(({ kind }) => kind).join(' or ')}, or say what is meant with data.task`,
  });
}

/** Bytes that are not worth asking the system about. */
const modest = 268_435_456;

/**
 * How often weights, slots and state exist at the end of a training, beside the kernels' memory: as a moment,
 * as tensors of both checkpoints, as the result and as a model. Measured: 8.8 times in all with 2.4 GB.
 */
const copies = 8;

/** The kernels' memory has a limit, and the machine has one, too: beyond it nothing helps. */
function checkMemory({ kernels }: Experiment, { map }: Plan, locate: Locate): void {
  const { limit, elementBytes } = backendOf(kernels);
  const needed = map.elements * elementBytes;
  const complaint = {
    where: locate('batchSize'),
    hint: 'make the minibatch smaller, or the layers narrower',
  };
  if (limit !== undefined && needed > limit) {
    const expected = 'weights and activations of at most 4 GiB together';
    throw new LockstepError('usage', { ...complaint, expected, got: bytes(needed) });
  }
  const { begin, end } = span(map);
  const all = needed + copies * (end - begin) * elementBytes;
  const free = all > modest ? freeMemory() : modest;
  if (all <= free) return;
  const expected = `weights, activations and checkpoints of at most ${bytes(free)}, which are free`;
  throw new LockstepError('usage', { ...complaint, expected, got: bytes(all) });
}
