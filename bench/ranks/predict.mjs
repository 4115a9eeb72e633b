// A step that ranks share, put together from what a single process takes and from what travels.
import { planTraining } from '../../dist/src/engine/plan.js';
import { sharesOf } from '../../dist/src/engine/shares.js';
import { trafficOf } from '../../dist/src/engine/traffic.js';
import { refuseUnshared } from '../../dist/src/engine/unshared.js';

/** Bytes of an element. */
const elementBytes = 4;

/** What a network is to ranks: how a minibatch of so many rows is shared. */
export function sharedStep({ experiment, data, network, samples }, ranks) {
  refuseUnshared(network, experiment, samples, { count: ranks }, (path) => path);
  const { map, batchSize } = planTraining(experiment, data, 1, network, ranks);
  const traffic = trafficOf(network, map, batchSize);
  const most = (of) => Math.max(...traffic.map(of));
  const cuts = traffic.reduce((sum, rank) => sum + rank.cuts, 0);
  const shares = sharesOf(network, map, ranks).length;
  const layers = network.nodes.flatMap(({ plan }) => plan.rounds ?? []);
  return {
    ranks,
    rows: batchSize,
    /** The share of the rows that the busiest rank has. */
    share: most((rank) => rank.cuts) / cuts,
    bytes: elementBytes * most(({ sends, gets }) => Math.max(sends, gets)),
    /** Bytes that a rank reads and writes to add the cuts of its blocks. */
    added: elementBytes * 3 * (cuts - 1) * most(({ adds }) => adds),
    /** Parts of the gradient, of which one travels while others are worked on. */
    shares,
    /** Gradients, sums, and the rounds of statistics. */
    exchanges: 2 * shares + layers.reduce((sum, { forward, backward }) => sum + forward + backward, 0),
  };
}

/**
 * Seconds of a step.
 *
 * @param step what `sharedStep` says
 * @param alone seconds of a single process: `row` for each row, and `rest` for what it does once a step, the
 *   update, which all ranks do
 * @param link `bytes` a second that a rank can send, as many that it can get, and `wait`, the seconds of an
 *   exchange of nothing
 * @param memory bytes a second that a thread reads and writes
 */
export function predictStep(step, alone, link, memory) {
  const work = step.share * step.rows * alone.row + alone.rest + step.added / memory;
  const travel = step.bytes / link.bytes + step.exchanges * link.wait;
  // All shares but one travel meanwhile: half of what travels while gradients are summed, a third of the work
  // of all rows, and half while weights are updated.
  const sums = (step.share * step.rows * alone.row) / 3;
  const hidden = (1 - 1 / step.shares) * (Math.min(travel / 2, sums) + Math.min(travel / 2, alone.rest));
  return { work, travel, seconds: work + travel - hidden };
}

/** From the seconds of steps of a few and of many rows: those of a row, and what comes once a step. */
export function aloneOf([few, many]) {
  const row = (many.seconds - few.seconds) / (many.rows - few.rows);
  const rest = few.seconds - few.rows * row;
  // In a network whose update takes next to nothing, it drowns in the noise.
  return rest > 0 ? { row, rest } : { row: many.seconds / many.rows, rest: 0 };
}
