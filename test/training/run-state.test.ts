// All that a training is at one time: going back to a moment and on from there comes to the same bits.
import { expect, test } from 'vitest';
import { packImages } from '#lockstep/engine/memory.js';
import { inline } from '#lockstep/parallel/inline.js';
import { prepare } from '#lockstep/training/prepare.js';
import type { Moment, RunState } from '#lockstep/training/run-state.js';
import { resolve, syntheticDataset } from '../../scripts/golden.mjs';

const dataset = syntheticDataset({ train: 203, test: 17 });
const experiment = resolve({
  data: { validation: 40 },
  model: [
    { kind: 'dense', units: 17 },
    'batch-norm',
    'relu',
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', units: 'classes' },
  ],
  optimizer: { kind: 'adam', learningRate: 0.01 },
  batchSize: 16,
  epochs: 3,
});

/** Everything of a moment, as numbers. */
function contents(state: RunState, moment: Moment) {
  const { parameters, slots, state: layers } = state.tensors(moment);
  const numbers = (tensors: typeof parameters) => tensors.map(({ id, values }) => [id, [...values]]);
  const { steps, tally, history } = moment;
  return {
    steps,
    tally,
    history,
    parameters: numbers(parameters),
    slots: slots.map(numbers),
    state: numbers(layers),
  };
}

test('a moment holds all that a training is, and can be gone back to', async () => {
  const { state, task, plan } = prepare(experiment, { dataset, executor: inline() });
  packImages(task.memory, plan.map, { train: dataset.train, test: dataset.test });
  const session = await inline().start(task, plan.steps);
  const advance = async (count: number) => {
    await session.run({ kind: 'train', epoch: 1, first: state.steps, count });
    state.steps += count;
  };
  await advance(3);
  state.history = [
    { epoch: 0.3, step: 3, learningRate: 0.01, train: { loss: 1, accuracy: 0 }, validation: undefined },
  ];
  const early = state.capture();
  const before = contents(state, early);
  expect(before.tally.seen).toBe(48);
  expect(before.slots).toHaveLength(2);
  expect(before.state.map(([id]) => id)).toEqual(['model.1.runningMean', 'model.1.runningVariance']);

  await advance(4);
  state.history = [...state.history, ...state.history];
  const once = contents(state, state.capture());
  for (const key of ['steps', 'tally', 'history', 'parameters', 'slots', 'state'] as const) {
    expect(once[key], key).not.toEqual(before[key]);
  }
  // A moment is a copy: what came after has not touched it.
  expect(contents(state, early)).toEqual(before);

  state.restore(early);
  expect(contents(state, state.capture())).toEqual(before);
  await advance(4);
  const again = contents(state, state.capture());
  expect({ ...again, history: once.history }).toEqual(once);
  expect(again.history).toEqual(before.history);
});
