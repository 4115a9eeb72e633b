/**
 * What a participant is given, and how it carries out a command. A worker thread and the inline executor do
 * exactly the same.
 */

import type { Samples } from '../data/dataset.ts';
import { augmentationRoom, planAugmentation } from '../engine/augment.ts';
import { evaluationBlocks } from '../engine/evaluate.ts';
import type { SampleSet } from '../engine/gather.ts';
import { type ProfileMemory, type Profiler, profiler } from '../engine/profile.ts';
import { planWork, type Work } from '../engine/step.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { createReference, referenceKernels } from '../kernels/backends/reference.ts';
import { clearWasm, createWasm, type WasmProgram, wasmKernels } from '../kernels/backends/wasm.ts';
import type { ImageShape, Kernels, KernelsName } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import { type MemoryMap, mapMemory } from '../model/memory-map.ts';
import { type DataShape, type NetworkPlan, planNetwork } from '../model/network.ts';
import { type Member, takePart } from '../sync/barrier.ts';
import { type Control, commands, type EvaluationSet, evaluationSets, words } from '../sync/control.ts';

/** The samples as all threads see them. Every array is shared memory. */
export interface SharedData extends DataShape, ImageShape {
  train: Samples;
  test: Samples;
  /** Orders of two epochs, the odd ones first: the next is prepared while one is trained on. (2, count) */
  order: Uint32Array<SharedArrayBuffer>;
  /** Indices of the training images that are held out. (count) */
  validation: Uint32Array<SharedArrayBuffer>;
}

/** Everything that determines a training, in a form that can be sent to a thread. */
export interface Task {
  experiment: Experiment;
  data: SharedData;
  control: SharedArrayBuffer;
  memory: SharedMemory;
  threads: number;
  /** Where threads write what they spend their time on, if anybody wants to know. */
  profile?: ProfileMemory | undefined;
}

/** The one memory of the kernels. */
export type SharedMemory =
  | { kernels: 'wasm'; program: WasmProgram }
  | { kernels: 'reference'; buffer: SharedArrayBuffer };

/**
 * `earlier` is the memory of a training that has ended: where it is large enough, it is used again, and comes back as it is. All of it
 * is zero but for its first `kept` elements.
 */
export function createMemory(
  kernels: KernelsName,
  elements: number,
  earlier?: SharedMemory,
  kept = 0,
): SharedMemory {
  if (kernels === 'reference') return { kernels, buffer: createReference(elements) };
  if (earlier?.kernels === 'wasm' && clearWasm(earlier.program, elements, kept)) return earlier;
  return { kernels, program: createWasm(elements) };
}

/** One thread's kernels over that memory. `scratch` is the offset of the thread's scratch. */
export function kernelsOver(memory: SharedMemory, scratch: number): Kernels {
  return memory.kernels === 'wasm' ? wasmKernels(memory.program, scratch) : referenceKernels(memory.buffer);
}

/** Packs the images of these sets, where the network reads them so. */
export function packImages(
  memory: SharedMemory,
  { packed, threads }: MemoryMap,
  sets: Readonly<Record<string, Pick<Samples, 'images'>>>,
): void {
  if (!packed) return;
  const { images } = kernelsOver(memory, threads[0]!.scratch);
  for (const [name, into] of Object.entries(packed)) images!.pack(sets[name]!.images, into, 0);
}

/** Samples of an epoch: what is left of the training images when the validation split is taken out, or fewer. */
export function trainingCount(
  { data: { training } }: Experiment,
  { train, validation }: Pick<SharedData, 'train' | 'validation'>,
): number {
  const left = train.count - validation.length;
  return training === 'all' ? left : Math.min(training, left);
}

/** The plan of an experiment on some data: the same in every thread. */
export interface Plan {
  network: NetworkPlan;
  map: MemoryMap;
  /** Rows of a full minibatch. */
  batchSize: number;
  stepsPerEpoch: number;
  /** Steps of the whole training. */
  steps: number;
  /** Epochs of the whole training, a last one that is cut short included. */
  epochs: number;
  /**
   * The learning rate at a step, counted from 0 over the whole training. Schedules that follow the training have a
   * second factor, see `Control.rateFactor`.
   */
  learningRate(step: number): number;
}

export function planTraining(
  experiment: Experiment,
  data: Pick<SharedData, keyof DataShape | keyof ImageShape | 'train' | 'test' | 'validation'>,
  threads: number,
  network: NetworkPlan = planNetwork(experiment.model, data),
): Plan {
  const count = trainingCount(experiment, data);
  const batchSize = experiment.batchSize === 'full' ? count : Math.min(experiment.batchSize, count);
  const optimizer = catalogue.optimizer.get(experiment.optimizer.kind)!;
  const map = mapMemory(network, {
    rows: batchSize,
    samples: Math.max(data.validation.length, data.test.count),
    slots: optimizer.slots(experiment.optimizer),
    images: imagesRead(experiment.kernels, { train: data.train.count, test: data.test.count }),
    augmentation: augmentationRoom(experiment.augmentation, data),
    clipped: (experiment.optimizer.clipNorm as number) > 0,
    threads,
  });
  const stepsPerEpoch = Math.ceil(count / batchSize);
  const steps = experiment.steps ?? stepsPerEpoch * experiment.epochs!;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const factor = catalogue.schedule
    .get(experiment.schedule.kind)!
    .build(experiment.schedule, { steps, stepsPerEpoch });
  const base = experiment.optimizer.learningRate as number;
  const learningRate = (step: number) => base * factor(step);
  return { network, map, batchSize, stepsPerEpoch, steps, epochs, learningRate };
}

/** Which images `mapMemory` places: the reference kernels read numbers. */
export function imagesRead<T>(kernels: KernelsName, counts: T): T | undefined {
  return kernels === 'wasm' ? counts : undefined;
}

/** One participant, ready to work. */
export interface Participant {
  profiler: Profiler | undefined;
  work: Work;
  sets: Readonly<Record<EvaluationSet, SampleSet>>;
}

export function joinTask(task: Task, control: Control, thread: number, cores: number): Participant {
  const { experiment, data, memory, threads } = task;
  const pen = task.profile && profiler(task.profile, thread);
  const plan = planTraining(experiment, data, threads);
  const own = plan.map.threads[thread]!;
  const kernels = kernelsOver(memory, own.scratch);
  const count = trainingCount(experiment, data);
  const { packed } = plan.map;
  const epochOrder = (epoch: number): SampleSet => ({
    samples: data.train,
    order: data.order.subarray(orderOffset(epoch, count), orderOffset(epoch, count) + count),
    count,
    packed: packed?.train,
  });
  const orders = [epochOrder(0), epochOrder(1)];
  const work = planWork(
    plan.network,
    plan.map,
    kernels,
    control,
    {
      seed: experiment.seed,
      batchSize: plan.batchSize,
      loss: experiment.loss,
      optimizer: catalogue.optimizer.get(experiment.optimizer.kind)!.build(experiment.optimizer, kernels),
      decayExempt: experiment.optimizer.decayExempt as string,
      clipNorm: experiment.optimizer.clipNorm as number,
      learningRate: (step) => plan.learningRate(step) * control.rateFactor[0]!,
      augment: planAugmentation(experiment.augmentation, data, kernels, own.augmentation, experiment.seed),
      epochOrder: (epoch) => orders[epoch % 2]!,
      // More threads than cores do not take part.
      threads: Math.min(threads, cores),
      profiler: pen,
    },
    thread,
  );
  const whole = (samples: Samples, packed: SampleSet['packed']): SampleSet => ({
    samples,
    order: undefined,
    count: samples.count,
    packed,
  });
  return {
    profiler: pen,
    work,
    sets: {
      train: whole(data.train, packed?.train),
      validation: {
        samples: data.train,
        order: data.validation,
        count: data.validation.length,
        packed: packed?.train,
      },
      test: whole(data.test, packed?.test),
    },
  };
}

/** Where the order of this epoch starts. */
export function orderOffset(epoch: number, count: number): number {
  return (epoch % 2) * count;
}

/** What the coordinator wants done; `train` stays within an epoch. `before`: see `words.before`. */
export type Command =
  | { kind: 'train'; epoch: number; first: number; count: number; before?: number }
  | { kind: 'evaluate'; set: EvaluationSet; count: number };

export function writeCommand({ words: w }: Control, command: Command): void {
  Atomics.store(w, words.kind, commands[command.kind]);
  Atomics.store(w, words.count, command.count);
  if (command.kind === 'train') {
    Atomics.store(w, words.epoch, command.epoch);
    Atomics.store(w, words.before, command.before ?? 0);
    Atomics.store(w, words.steps, command.before ?? 0);
  }
  const first = command.kind === 'train' ? command.first : evaluationSets.indexOf(command.set);
  Atomics.store(w, words.first, first);
}

export function readCommand({ words: w }: Control): Command | undefined {
  const first = Atomics.load(w, words.first);
  const count = Atomics.load(w, words.count);
  switch (Atomics.load(w, words.kind)) {
    case commands.train:
      return {
        kind: 'train',
        epoch: Atomics.load(w, words.epoch),
        first,
        count,
        before: Atomics.load(w, words.before),
      };
    case commands.evaluate:
      return { kind: 'evaluate', set: evaluationSets[first]!, count };
    default:
      return undefined;
  }
}

/** Carries out a command together with everybody else; returns when all of it is done, or it was stopped. */
export function perform(participant: Participant, command: Command, control: Control, member: Member): void {
  const carryOut = () => takeCommand(participant, command, control, member);
  if (participant.profiler) participant.profiler.command(carryOut);
  else carryOut();
}

function takeCommand({ work, sets }: Participant, command: Command, control: Control, member: Member): void {
  if (command.kind === 'evaluate') {
    const set = sets[command.set];
    takePart(control, member, {
      phases: 1,
      begin: () => evaluationBlocks(command.count),
      run: (block) => work.evaluate(set, block),
      done: () => false,
    });
    return;
  }

  const w = control.words;
  const { phases } = work;
  const { before = 0 } = command;
  let begun = -1;
  let phase = phases[0]!;
  takePart(control, member, {
    phases: command.count * phases.length,
    begin(number) {
      const step = Math.floor(number / phases.length);
      if (step !== begun) work.begin(command.epoch, command.first + step);
      begun = step;
      phase = phases[number % phases.length]!;
      return phase.begin();
    },
    run: (block) => phase.run(block),
    done(number) {
      if ((number + 1) % phases.length !== 0) return false;
      Atomics.store(w, words.steps, before + (number + 1) / phases.length);
      return Atomics.load(w, words.stop) !== 0;
    },
  });
}
