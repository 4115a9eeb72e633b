/** One participant of a training: a worker thread, or the inline executor. Both do exactly the same. */
import type { Samples } from '../data/dataset.ts';
import type { SampleSet } from '../data/sample-set.ts';
import { orderOf, type SharedData, trainingCount } from '../data/split.ts';
import { planAugmentation } from '../engine/augment.ts';
import { evaluationBlocks } from '../engine/evaluate.ts';
import { kernelsOver } from '../engine/memory.ts';
import { type Plan, planTraining } from '../engine/plan.ts';
import { type Pen, profiler } from '../engine/profile.ts';
import { planWork, type Work, type WorkSettings } from '../engine/step.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { catalogue } from '../model/catalogue.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import { exchangeOver } from '../ranks/line.ts';
import { activeCount, type Member, type Program, takePart } from '../sync/barrier.ts';
import { type Control, type EvaluationSet, isHalting, words } from '../sync/control.ts';
import type { Command } from './commands.ts';
import type { Task } from './executor.ts';

/** Ready to work. */
export interface Participant {
  /** Writes down what this thread spends its time on, if anybody wants to know. */
  pen: Pen | undefined;
  work: Work;
  sets: Readonly<Record<EvaluationSet, SampleSet>>;
}

/** Where a participant works. */
export type Workplace = Pick<Plan, 'network' | 'map'> & { kernels: Kernels };

/**
 * Plans the task, as every participant does, and attaches to its memory.
 *
 * @param adapt changes how it works, for somebody who wants to watch it
 */
export function joinTask(
  task: Task,
  control: Control,
  thread: number,
  cores: number,
  adapt: (settings: WorkSettings, place: Workplace) => WorkSettings = (settings) => settings,
): Participant {
  const { experiment, data, memory, threads, ranks } = task;
  const { seed, loss, optimizer, augmentation } = experiment;
  const pen = task.profile && profiler(task.profile, thread);
  const plan = planTraining(experiment, data, threads, undefined, ranks?.count);
  const { network, map, batchSize } = plan;
  const own = map.threads[thread]!;
  const kernels = kernelsOver(memory, own.scratch);
  const orders = epochOrders(data, trainingCount(data), map);
  const settings: WorkSettings = {
    seed,
    batchSize,
    loss,
    signature: data,
    optimizer: catalogue.optimizer.get(optimizer.kind)!.build(optimizer, kernels),
    decayExempt: optimizer.decayExempt,
    clipNorm: optimizer.clipNorm,
    learningRate: (step: number) => plan.learningRate(step) * control.rateFactor[0]!,
    augment: planAugmentation(augmentation, data, kernels, own.augmentation, seed, plan.lastAugmented),
    epochOrder: (epoch: number) => orders[epoch % 2]!,
    // More threads than cores do not take part.
    threads: Math.min(threads, cores),
    exchange: ranks && exchangeOver(ranks.line, ranks, control),
    profiler: pen,
  };
  const adapted = adapt(settings, { network, map, kernels });
  const work = planWork(network, map, kernels, control, adapted, thread);
  return { pen, work, sets: evaluated(data, map) };
}

/** The samples of even epochs, and of odd ones. */
function epochOrders({ train, order }: SharedData, count: number, { packed }: MemoryMap): SampleSet[] {
  return [0, 1].map((epoch) => ({
    samples: train,
    order: orderOf(order, epoch, count),
    count,
    packed: packed?.train,
  }));
}

/** The sets that are evaluated. */
function evaluated({ train, test, validation }: SharedData, { packed }: MemoryMap): Participant['sets'] {
  const whole = (samples: Samples, packed: SampleSet['packed']): SampleSet => ({
    samples,
    order: undefined,
    count: samples.count,
    packed,
  });
  return {
    validation: { ...whole(train, packed?.train), order: validation, count: validation.length },
    test: whole(test, packed?.test),
  };
}

/** Carries out a command together with all others; returns when all of it is done, or it was stopped. */
export function perform(participant: Participant, command: Command, control: Control, member: Member): void {
  const { work, sets, pen } = participant;
  const program =
    command.kind === 'evaluate'
      ? evaluation(work, sets[command.set], command.count, pen)
      : training(work, command, control, pen);
  const carryOut = () => takePart(control, member, program, pen?.watch);
  if (pen) pen.command(carryOut, member.thread < activeCount(member));
  else carryOut();
}

/** One phase, the blocks of the set; if ranks share them, a second in which each tells what came out. */
function evaluation(work: Work, set: SampleSet, count: number, pen: Pen | undefined): Program {
  const { shared } = work;
  const blocks = evaluationBlocks(count);
  const own = shared?.blocksOf(blocks) ?? { first: 0, count: blocks };
  let tells = false;
  return {
    phases: shared ? 2 : 1,
    begin(phase) {
      pen?.enter('evaluation');
      tells = phase === 1;
      return tells ? 1 : Math.max(own.count, 1);
    },
    run(block) {
      if (tells) shared!.tellEvaluated(count);
      else if (block < own.count) work.evaluate(set, own.first + block);
    },
    done: () => false,
  };
}

/** Step after step, each with all of its phases. */
function training(
  work: Work,
  command: Command & { kind: 'train' },
  { words: w }: Control,
  pen: Pen | undefined,
): Program {
  const { phases } = work;
  const { epoch, first, count, before = 0 } = command;
  let begun = -1;
  let phase = phases[0]!;
  return {
    phases: count * phases.length,
    begin(number) {
      const step = Math.floor(number / phases.length);
      if (step !== begun) work.begin(epoch, first + step);
      begun = step;
      phase = phases[number % phases.length]!;
      pen?.enter(phase.name);
      return phase.begin();
    },
    run: (block) => phase.run(block),
    done(number) {
      if ((number + 1) % phases.length !== 0) return false;
      Atomics.store(w, words.steps, before + (number + 1) / phases.length);
      return isHalting(w);
    },
  };
}
