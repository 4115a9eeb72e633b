/**
 * How an epoch is cut into minibatches. All have the same size, and the last takes what is left, with one
 * exception: a layer that looks at the whole minibatch (batch normalisation) makes nothing of a single row,
 * whose variance is 0. If such a layer is there, a last minibatch of one row joins the one before.
 */
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { LayerNode, Locate, NetworkPlan } from '../model/network.ts';

export interface Minibatches {
  /** Rows of each but the last. */
  size: number;
  /** Rows of the largest: `size`, or one more if a single row joined it. */
  largest: number;
  /** How many an epoch has. */
  count: number;
}

/** Cuts an epoch of so many samples. */
export function minibatchesOf(
  batchSize: Experiment['batchSize'],
  samples: number,
  network: NetworkPlan,
): Minibatches {
  const size = batchSize === 'full' ? samples : Math.min(batchSize, samples);
  const joins = size > 1 && samples > size && samples % size === 1 && wholeBatchLayer(network) !== undefined;
  return { size, largest: joins ? size + 1 : size, count: Math.ceil(samples / size) - (joins ? 1 : 0) };
}

/** The first layer that looks at the whole minibatch. */
function wholeBatchLayer({ nodes }: NetworkPlan): LayerNode | undefined {
  return nodes.find(
    ({ plan, frozen }) => !frozen && plan.statistics !== undefined && plan.statistics.length > 0,
  );
}

/** Refuses minibatches of one row for a layer that takes statistics over the rows. */
export function refuseSingleRows(
  network: NetworkPlan,
  { batchSize }: Experiment,
  samples: number,
  locate: Locate,
): void {
  const layer = wholeBatchLayer(network);
  if (!layer || minibatchesOf(batchSize, samples, network).size > 1) return;
  const { config, path } = layer;
  throw new LockstepError('usage', {
    where: locate('batchSize'),
    expected: `at least 2 rows, because ${config.kind} (${path}) takes mean and variance over the minibatch`,
    got: samples === 1 ? '1 training sample' : '1',
    hint: 'write `batchSize: 32`, or take layer-norm, which looks at each row by itself',
  });
}
