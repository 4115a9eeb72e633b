/**
 * A training has diverged when a loss, an output, a gradient, a weight or a slot is not finite.
 *
 * Losses are looked at in each step, and all that a checkpoint holds is whenever the threads pause: what is
 * not finite there stays so. To find the step in which it appeared, and the layer, the steps since the last
 * sound moment are done again, one by one. That costs nothing while all is well.
 */
import type { Plan } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Matrix } from '../foundation/shapes.ts';
import type { Elements } from '../kernels/layout.ts';
import { evaluationRows } from '../model/memory-map.ts';
import type { LayerNode, NetworkPlan } from '../model/network.ts';
import { type Evaluation, figuresOf } from './evaluation.ts';
import type { Moment, RunState } from './run-state.ts';

/** Of a training: what it takes to look for what has diverged. */
export interface Suspect {
  experiment: Experiment;
  plan: Plan;
  state: RunState;
  elements: Elements;
}

/** Whether the numbers, and the losses since figures were taken, are finite. */
export function isSound({ state }: Pick<Suspect, 'state'>): boolean {
  return state.tally().sums.every(Number.isFinite) && state.isFinite();
}

/**
 * Does the steps since a sound moment again, and returns what was wrong first.
 *
 * @param step does one more step
 */
export async function findDivergence(
  suspect: Suspect,
  sound: Moment,
  step: () => Promise<void>,
): Promise<LockstepError> {
  const { state, plan } = suspect;
  const last = state.steps;
  state.restore(sound);
  while (state.steps < last && isSound(suspect)) await step();
  const { epoch, first } = placeOf(state.steps, plan);
  return diverged(suspect.experiment, `in epoch ${epoch}, step ${first}: ${whatIsWrong(suspect)}`);
}

/** @throws LockstepError `failed` if a figure of an evaluation is not finite */
export function checkEvaluation(
  { experiment, plan, state, elements }: Suspect,
  evaluation: Evaluation,
  set: string,
): void {
  const strange = Object.entries(figuresOf(evaluation)).find(([, value]) => !Number.isFinite(value));
  if (!strange) return;
  const { epoch, first } = placeOf(state.steps, plan);
  const [name, value] = strange;
  // What each thread has evaluated last is still in its memory.
  const layer = firstStrange(
    plan.network,
    plan.map.threads.map(({ values }) => ({ values, rows: evaluationRows })),
    elements,
  );
  const where = layer ? `the outputs of ${named(layer)} are not finite, ` : '';
  const what = `${where}the ${name} on the ${set} set is ${value}`;
  throw diverged(experiment, `in epoch ${epoch}, step ${first}: ${what}`);
}

/** The epoch and the step in it, both from 1, of the last of so many steps. */
function placeOf(steps: number, { stepsPerEpoch }: Plan): { epoch: number; first: number } {
  const done = Math.max(steps - 1, 0);
  return { epoch: Math.floor(done / stepsPerEpoch) + 1, first: (done % stepsPerEpoch) + 1 };
}

function diverged({ optimizer }: Experiment, what: string): LockstepError {
  return new LockstepError(
    'failed',
    `the training diverged ${what}; lower optimizer.learningRate (now ${optimizer.learningRate})`,
  );
}

/** What a step has left that is not finite, in the order in which it computes: forward, loss, backward. */
function whatIsWrong({ plan, state, elements }: Suspect): string {
  const { network, map, batchSize } = plan;
  const { sums, seen } = state.tally();
  const loss = Number.isFinite(sums[0]!) ? '' : `the loss is ${sums[0]! / seen}`;
  const strange = (matrix: Matrix | undefined) => matrix && hasStrange(elements, matrix, batchSize);
  const forward = firstStrange(network, [{ values: map.values, rows: batchSize }], elements);
  if (forward) return `the outputs of ${named(forward)} are not finite${loss && `, ${loss}`}`;
  if (loss) return loss;
  const backward = network.nodes.findLast(({ y }) => strange(map.gradients[y]));
  if (backward) return `the gradients of ${named(backward)} are not finite`;
  const { parameters, slots, state: layers } = state.tensors(state.capture());
  const tensors = [...parameters, ...layers, ...slots.flat()];
  const tensor = tensors.find(({ values }) => !values.every(Number.isFinite));
  return tensor ? `${tensor.id} is not finite after the update` : 'the figures are not finite';
}

const named = ({ path, config }: LayerNode) => `${path} (${config.kind})`;

/** The outputs of all layers, by value of the network, for so many rows. */
interface Outputs {
  values: readonly (Matrix | undefined)[];
  rows: number;
}

/** The first layer with outputs that are not finite. */
function firstStrange(
  { nodes }: NetworkPlan,
  outputs: readonly Outputs[],
  elements: Elements,
): LayerNode | undefined {
  return nodes.find(({ y }) =>
    outputs.some(({ values, rows }) => {
      const matrix = values[y];
      return matrix && hasStrange(elements, matrix, rows);
    }),
  );
}

function hasStrange(elements: Elements, { offset, stride, columns }: Matrix, rows: number): boolean {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!Number.isFinite(elements[offset + row * stride + column]!)) return true;
    }
  }
  return false;
}
