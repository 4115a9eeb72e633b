// One network and batch size, trained by all contestants in turn.
import { benchExperiment, epochSamples, samplesOf, warmUpsOf } from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { median } from '../support/statistics.mjs';
import { figure } from '../support/table.mjs';

/** Samples of an epoch of `--quick`, but for Lockstep's. */
const few = 6144;

/** What is done in a round: how many rounds there are, and how many epochs count. */
export function effortOf(quick) {
  // Epochs that a round times: at least `fewest`, at most `most`, and as many as take about `long` seconds.
  return quick ? { rounds: 1, fewest: 1, most: 1, long: 0 } : { rounds: 3, fewest: 2, most: 10, long: 1.5 };
}

/** The number of samples that a contestant trains on in an epoch. */
export function samplesFor(contestant, { network, batchSize }, quick) {
  const all = samplesOf(network);
  if (contestant.kind === 'Lockstep') return all;
  const most = quick ? Math.min(all, few) : all;
  if (contestant.samples >= epochSamples) return most;
  // A slow peer: fewer in proportion, but some whole minibatches.
  const own = Math.max((contestant.samples * all) / epochSamples, 4 * batchSize);
  return Math.min(most, Math.ceil(own / batchSize) * batchSize);
}

/** The most rounds of a contestant: slow peers have one of the networks that take long. */
function mostRounds({ samples, rounds }, network) {
  return samples < epochSamples && samplesOf(network) < epochSamples ? 1 : rounds;
}

/**
 * Trains in all rounds. Returns for each contestant an entry { contestant, samples, seconds, first, reason }.
 * `seconds`: of its epochs, scaled to 60,000 samples; `first`: those of Lockstep's warm-up in each round;
 * `reason`: why there are none. `skip(contestant)`: why it does not take part, or undefined.
 */
export async function contest(contestants, pair, { quick, label, skip, faults }) {
  const { network, batchSize } = pair;
  const { rounds, fewest, most, long } = effortOf(quick);
  const entries = contestants.map((contestant) => ({
    contestant,
    samples: samplesFor(contestant, pair, quick),
    seconds: [],
    first: [],
    reason: skip(contestant),
  }));
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const { contestant, samples } = entry;
      if (entry.reason || round >= mostRounds(contestant, network) || hopeless(entry, entries)) continue;
      const place = `round ${round + 1} of ${rounds}, ${contestant.kind}, ${contestant.threads} threads`;
      progress(`${label}: ${place}`);
      const scale = epochSamples / samples;
      const timed = entry.seconds.length === 0 ? 0 : Math.round((long * scale) / median(entry.seconds));
      const counted = (least) => Math.min(most, Math.max(least, timed));
      const cold = warmUpsOf(network, batchSize);
      const experiment = benchExperiment(network, { batchSize, epochs: cold + counted(fewest) });
      const { model, optimizer } = experiment;
      // The first epoch warms up.
      const request = { experiment, cold, model, optimizer, batchSize, epochs: 1 + counted(1), samples };
      const answer = await ask(contestant, request, faults);
      if (answer.reason) entry.reason = answer.reason;
      else entry.seconds.push(...answer.seconds.map((seconds) => seconds * scale));
      if (answer.first) entry.first.push(answer.first.map((seconds) => seconds * scale));
    }
  }
  return entries;
}

async function ask(contestant, request, faults) {
  let answer;
  try {
    answer = await contestant.ask(request);
  } catch (error) {
    answer = { unsupported: `failed: ${error.message}` };
  }
  if (answer.unsupported) return { reason: answer.unsupported };
  const { bound, certain } = lossBound(contestant.kind, request);
  if (answer.loss < bound) return answer;
  const loss = `loss ${figure(answer.loss)}, expected below ${figure(bound)}`;
  if (certain) faults.add(`${contestant.kind} did not learn: ${loss}`);
  return { reason: `did not learn: ${loss}` };
}

/**
 * Below what the loss of the last epoch must fall. All must learn so much in 90 steps. In fewer steps less is
 * expected, and if a peer does not even do that, it is missing with this reason.
 */
function lossBound(kind, { epochs, samples, batchSize }) {
  // At the start the loss is ln 10 = 2.3; brain.js's squared error is 0.1.
  const start = kind === 'brain.js' ? 0.1 : Math.LN10;
  const steps = (epochs * samples) / batchSize;
  const certain = steps >= 90;
  return { bound: start * (certain ? 0.5 : steps >= 16 ? 0.8 : 0.9), certain };
}

/** Whether a number of threads is not run again: its fastest epoch took twice as long as another's. */
function hopeless({ contestant, seconds }, entries) {
  if (seconds.length === 0) return false;
  const rivals = entries.filter(({ contestant: { kind } }) => kind === contestant.kind);
  return Math.min(...seconds) > 2 * Math.min(...rivals.flatMap((rival) => rival.seconds));
}
