/** The end of a training: the weights that count, and how good they are. */
import { signatureOf } from '../data/split.ts';
import { weightsDigest } from '../model/weights.ts';
import type { EndEvent } from './events.ts';
import { evaluate } from './take-figures.ts';
import { trainedModel } from './trained-model.ts';
import { positionAt, type Training, weightsAt } from './training.ts';

/** Takes the weights that count, and judges them by the test set, unless somebody else does. */
export async function endEvent(training: Training, ended: boolean): Promise<EndEvent> {
  const { experiment, options, plan, state, session, task } = training;
  const early = ended && state.steps < plan.steps;
  const stopped = !ended && state.steps < plan.steps;
  const last = state.capture();
  // If threads are lost from here on, nothing is trained again.
  training.sound = last;
  const result = (experiment.earlyStopping && training.best?.moment) || last;
  state.restore(result);
  const judged = !stopped && (options.test ?? true);
  const test = judged ? await evaluate(training, { set: 'test', count: task.data.test.count }) : undefined;
  const final = weightsAt(state, last);
  const best = training.best && {
    ...weightsAt(state, training.best.moment),
    epoch: training.best.epoch,
  };
  const { weights, state: layers } = result === last ? final : best!;
  const signature = signatureOf(task.data);
  const { classWeights } = task.data;
  const event: Omit<EndEvent, 'model'> = {
    kind: 'end',
    stopped,
    stoppedEarly: early,
    epochs: Math.floor(last.steps / plan.stepsPerEpoch),
    steps: last.steps,
    activeThreads: session.active(),
    history: last.history,
    test,
    weights,
    state: layers,
    weightsSha256: weightsDigest(weights),
    signature,
    classWeights,
    last: final,
    best,
    position: () => positionAt(training, last),
  };
  const model = once(() =>
    trainedModel(experiment, plan.network, signature, weights, layers, { classWeights }),
  );
  // Not enumerable: who copies the event, or prints it, does not mean to make a model.
  return Object.defineProperty(event, 'model', { get: model }) as EndEvent;
}

/** Makes something when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
