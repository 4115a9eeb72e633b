/** A training begins: its executor starts, and its state is that of the first step, or of a checkpoint. */
import { packImages } from '../engine/memory.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { goBack } from './advance.ts';
import type { Weights } from './events.ts';
import type { Prepared, TrainOptions } from './prepare.ts';
import type { RunState } from './run-state.ts';
import type { Training } from './training.ts';

/** Whoever starts it has to end its session. */
export async function startTraining(
  experiment: Experiment,
  options: TrainOptions,
  prepared: Prepared,
): Promise<Training> {
  const { from, executor } = options;
  const { state, task, plan } = prepared;
  const session = await executor.start(task, plan.steps);
  try {
    // While its threads start.
    layOutImages(prepared, options);
    const clock = { epoch: 0, begun: performance.now(), steps: 0, seconds: 0 };
    const start = from ? state.momentOf(from.position) : state.capture();
    const training: Training = {
      ...prepared,
      ...{ experiment, options, session, clock },
      ...{ best: from?.best && bestOf(state, from.best), sound: start, told: start.steps },
      ...{ repairs: 0, orders: [-1, -1] },
    };
    goBack(training, start);
    return training;
  } catch (error) {
    await session.end();
    throw error;
  }
}

/** Packs the images, unless the training before left them in the same memory. */
function layOutImages({ task, plan, packed }: Prepared, { reuse }: TrainOptions): void {
  const { train, test } = task.data;
  if (!packed) packImages(task.memory, plan.map, { train, test });
  if (reuse) reuse.packed = plan.map.packedElements;
}

/** The best weights of a checkpoint, as a moment. */
function bestOf(state: RunState, { epoch, weights, state: layers }: Weights & { epoch: number }) {
  const tensors = { parameters: weights, slots: [], state: layers };
  const nothing = { steps: 0, epochs: 0, tally: { sums: [], seen: 0 }, history: [] };
  return { epoch, moment: state.momentOf({ ...nothing, tensors }) };
}
