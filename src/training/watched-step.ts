/**
 * One step of a training, watched: the coordinator trains as always, inline, until the step comes, and is
 * then left.
 */
import type { Optimizer } from '../contracts/optimizer.ts';
import { orderOf, trainingCount } from '../data/split.ts';
import { elementsOf } from '../engine/memory.ts';
import { minibatchesOf } from '../engine/minibatches.ts';
import { planTraining } from '../engine/plan.ts';
import type { WorkSettings } from '../engine/step.ts';
import type { Command } from '../parallel/commands.ts';
import type { Executor, Task } from '../parallel/executor.ts';
import { inline } from '../parallel/inline.ts';
import { joinTask, type Participant, perform } from '../parallel/participant.ts';
import { attachControl, type Control, createControl, isHalting } from '../sync/control.ts';
import { span } from './run-state.ts';
import { type Sight, type Watch, watch } from './watch.ts';

/** Numbers as they lie in the kernels' memory, see `span`. */
export type Numbers = Float32Array | Float64Array;

export interface WatchedStep {
  /** From 1. */
  epoch: number;
  /** Of the epoch, from 0. */
  first: number;
  learningRate: number;
  /** The data set's index of the sample. */
  sample: number;
  /** The minibatch: the data set's indices. */
  rows: Uint32Array;
  /** The place in the epoch's order at which the sample is trained on; -1: at none. */
  place: number;
  /** Mean loss of the minibatch. */
  loss: number;
  /** What was seen of the sample, in the minibatch or by itself. */
  sight: Sight;
  /** Parameters, slots and state. */
  before: Numbers;
  after: Numbers;
  /** The gradient of the minibatch's mean loss. */
  gradient: Numbers;
  /** What a gradient that was too long was multiplied by; else 1. */
  clipped: number;
  /** The gradient of the sample's own loss; undefined if a layer mixes the samples of a minibatch. */
  own: Numbers | undefined;
}

/** Thrown to leave the training. */
export class Watched {
  readonly step: WatchedStep;
  constructor(step: WatchedStep) {
    this.step = step;
  }
}

/** No optimizer. */
const still: Optimizer = { update() {} };

/**
 * Trains inline up to a step, counted from 0, and throws a `Watched` when it has been done.
 *
 * @param sample index in the data set of the sample that is watched; undefined: the first of the minibatch
 * @param alone whether the sample can go through the network by itself
 */
export function watchingExecutor(
  step: number,
  sample: number | undefined,
  alone: boolean,
  onStep: (done: number) => void,
): Executor {
  const own = inline();
  return {
    ...own,
    async start(task, steps) {
      const session = await own.start(task, steps);
      const control = attachControl(task.control);
      const { stepsPerEpoch } = planTraining(task.experiment, task.data, 1);
      return {
        ...session,
        async run(command) {
          if (command.kind === 'evaluate') return session.run(command);
          const done = (command.epoch - 1) * stepsPerEpoch + command.first;
          onStep(done);
          const ahead = step - done;
          if (ahead >= command.count) return session.run(command);
          if (ahead > 0) await session.run({ ...command, count: ahead });
          // It has diverged: the coordinator finds out where.
          if (isHalting(control.words)) return;
          throw new Watched(
            watchStep(task, { ...command, first: command.first + ahead, count: 1 }, sample, alone),
          );
        },
      };
    },
  };
}

function watchStep(
  task: Task,
  command: Command & { kind: 'train' },
  wanted: number | undefined,
  alone: boolean,
): WatchedStep {
  const { experiment, data } = task;
  const { epoch, first } = command;
  const control = attachControl(task.control);
  const { network, map, learningRate, stepsPerEpoch } = planTraining(experiment, data, 1);
  const elements = elementsOf(task.memory);
  const { begin, end } = span(map);
  const order = orderOf(data.order, epoch, trainingCount(data));
  const { size, count } = minibatchesOf(experiment.batchSize, order.length, network);
  const rows = order.slice(first * size, first + 1 < count ? (first + 1) * size : order.length);
  const sample = wanted ?? rows[0]!;
  const row = rows.indexOf(sample);

  const before = elements.slice(begin, end);
  const pass = look(task, control, row < 0 ? undefined : row, sample);
  perform(pass.participant, command, control, { thread: 0, threads: 1, cores: 1, active: 1 });
  pass.watch.end();
  const after = elements.slice(begin, end);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += elements[map.loss.offset + i]!;

  elements.set(before, begin);
  const itself = alone ? lookAlone(task, sample, epoch) : undefined;
  elements.set(after, begin);
  return {
    ...{ epoch, first, sample, rows, before, after },
    learningRate: learningRate((epoch - 1) * stepsPerEpoch + first) * control.rateFactor[0]!,
    place: order.indexOf(sample),
    loss: sum / rows.length,
    sight: row < 0 ? itself!.sight : pass.watch.sight,
    gradient: pass.watch.gradient,
    clipped: pass.watch.scale() * rows.length,
    own: itself?.gradient,
  };
}

/** A participant that is watched. */
function look(
  task: Task,
  control: Control,
  row: number | undefined,
  sample: number,
  change: (settings: WorkSettings) => Partial<WorkSettings> = () => ({}),
): { participant: Participant; watch: Watch } {
  let seen: Watch | undefined;
  const participant = joinTask(task, control, 0, 1, (settings, place) => {
    seen = watch({ ...settings, ...change(settings) }, place, row, sample);
    return seen.settings;
  });
  return { participant, watch: seen! };
}

/** The sample as a minibatch of its own, with the weights as they are, which stay. */
function lookAlone(task: Task, sample: number, epoch: number): Watch {
  const control = createControl(1, attachControl(task.control).sums.length);
  const { participant, watch } = look(task, control, 0, sample, ({ epochOrder }) => ({
    batchSize: 1,
    epochOrder: () => ({ ...epochOrder(0), order: Uint32Array.of(sample), count: 1 }),
    optimizer: still,
    clipNorm: Number.POSITIVE_INFINITY,
  }));
  const { begin, phases } = participant.work;
  begin(epoch, 0);
  for (const phase of phases) {
    for (let block = 0, blocks = phase.begin(); block < blocks; block++) phase.run(block);
  }
  watch.end();
  return watch;
}
