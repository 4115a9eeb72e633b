/** Figures are taken: those of the minibatches, an evaluation, and what follows from them. */
import { type Figures, figureNamed } from '../contracts/figures.ts';
import { targetWidth } from '../contracts/task.ts';
import type { SetOfSamples } from '../data/split.ts';
import { takeProfile } from '../engine/profile.ts';
import { catalogue } from '../model/catalogue.ts';
import { asWeights, readNumbers, type WeightTensor } from '../model/weights.ts';
import { checkEvaluation } from './divergence.ts';
import { type Standing, standingOf } from './early-stopping.ts';
import { type Evaluation, evaluationOf, figuresOf } from './evaluation.ts';
import type { EpochEvent } from './events.ts';
import { outcomesOf, targetsOf } from './outcomes.ts';
import { type Training, tableOf, weightsAt } from './training.ts';

/** The figures since they were taken last. */
export async function takeFigures(training: Training, evaluation: boolean): Promise<EpochEvent> {
  const { plan, state, control, clock, monitored, profile } = training;
  const { sums, seen } = state.tally();
  const { minibatches } = tableOf(training);
  const { unit } = training.task.data;
  return {
    kind: 'epoch',
    epoch: state.steps / plan.stepsPerEpoch,
    step: state.steps,
    learningRate: plan.learningRate(state.steps - 1) * control.rateFactor[0]!,
    train: { loss: sums[0]! / seen, [minibatches.figure]: minibatches.of(sums, 1, seen, unit) },
    validation: monitored && evaluation ? await evaluate(training, monitored) : undefined,
    best: undefined,
    parameter: (id) => parameterCalled(training, id),
    profile: profile && takeProfile(profile),
    seconds: clock.seconds,
    samplesPerSecond: seen / clock.seconds,
  };
}

/** A copy of one parameter, out of the memory of the threads. */
function parameterCalled({ plan, elements }: Training, id: string): WeightTensor | undefined {
  const { network, map } = plan;
  const p = network.parameters.findIndex((parameter) => parameter.id === id);
  if (p < 0) return undefined;
  return asWeights(readNumbers(elements, [network.parameters[p]!], [map.parameters[p]!]))[0];
}

/** Adds the figures to the history, and does what it calls for. True: the training should end. */
export function follow(training: Training, event: EpochEvent): boolean {
  const { state } = training;
  const { epoch, step, learningRate, train, validation } = event;
  const figures = validation && figuresOf(validation);
  state.history = [...state.history, { epoch, step, learningRate, train, validation: figures }];
  if (!validation) return false;
  setRate(training);
  const { improved, ended } = standing(training);
  if (improved) {
    const moment = state.capture();
    training.best = { epoch, moment };
    event.best = () => weightsAt(state, moment);
  }
  return ended;
}

/** The evaluations that may decide something: the test set must not. */
function deciding({ state, experiment }: Training): Figures[] {
  if (experiment.data.monitor !== 'validation') return [];
  return state.history.flatMap(({ validation }) => validation ?? []);
}

/** Whether the last evaluation was the best, and whether the training should end. */
export function standing(training: Training): Standing {
  return standingOf(deciding(training), tableOf(training), training.experiment.earlyStopping);
}

/** Sets the learning rate to what a schedule makes of the history, if it follows the training. */
export function setRate(training: Training): void {
  const { schedule } = training.experiment;
  const { follow } = catalogue.schedule.get(schedule.kind)!;
  if (!follow) return;
  const watched = figureNamed(tableOf(training), String(schedule.metric))!;
  training.control.rateFactor[0] = follow(schedule, deciding(training), watched);
}

export async function evaluate(training: Training, { set, count }: SetOfSamples): Promise<Evaluation> {
  const { session, task, plan, elements } = training;
  const { test, train, validation, targets, unit } = task.data;
  await session.run({ kind: 'evaluate', set, count });
  const table = tableOf(training);
  const tally = table.start(targets, unit);
  const outcomeOf = outcomesOf(elements, plan.map, table, unit);
  const asked = targetsOf(set === 'test' ? test : train, targetWidth(targets));
  for (let i = 0; i < count; i++) {
    const { predicted, loss } = outcomeOf(i);
    tally.add(asked(set === 'test' ? i : validation[i]!), predicted, loss);
  }
  const evaluation = evaluationOf(tally);
  checkEvaluation(training, evaluation, set);
  return evaluation;
}
