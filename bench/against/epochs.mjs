// Seconds of an epoch of 60,000 images, of two checkouts. In each round a new process of each side trains
// every case from the start. The two take turns, an epoch each. Epochs that warm up do not count. Networks
// that take long are measured on fewer images, and their time is scaled.
import { benchSource, epochSamples, samplesOf, warmUpsOf } from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { median } from '../support/statistics.mjs';
import { startTrainer } from './checkouts.mjs';
import { inTurns, pairLine } from './pairs.mjs';

/** The part of a training that counts: about `seconds`, in at least `least` and at most `most` epochs. */
const counted = { seconds: 1, least: 3, most: 8 };

export async function epochsAgainst(checkouts, digests, { quick, pairs, networks, batchSizes, threads }) {
  const cases = networks.flatMap((network) =>
    batchSizes.flatMap((batchSize) =>
      threads.map((count) => ({
        network,
        batchSize,
        count,
        label: `${network.name} b${batchSize}`,
        pairs: [],
      })),
    ),
  );
  for (let round = 0; round < pairs; round++) {
    for (const [index, one] of cases.entries()) {
      const at = `pair ${round + 1} of ${pairs}, case ${index + 1} of ${cases.length}`;
      progress(`epochs: ${at}, ${one.label} t${one.count}`);
      one.pairs.push(await trainPair(checkouts, digests, one, { quick, round }));
    }
  }
  progress('');
  return cases.map(({ label, count, pairs }) => pairLine('epochs against', `${label} t${count}`, pairs));
}

/** The median seconds of an epoch, of each side. */
async function trainPair(checkouts, digests, { network, batchSize, count, label }, { quick, round }) {
  const sides = {};
  for (const name of ['old', 'new']) {
    sides[name] = { name, trainer: await startTrainer(checkouts[name]), seconds: [] };
  }
  const both = Object.values(sides);
  try {
    // More epochs than are ever trained: the training is stopped when enough have been counted.
    const source = benchSource(network, { batchSize, epochs: 1000 });
    for (const { trainer } of both) await trainer.ask({ begin: { ...source, threads: count } });
    const samples = samplesOf(network);
    const cold = warmUpsOf(network, batchSize);
    let epoch = 0;
    let spent = 0;
    for (; !isEnough(epoch - cold, spent, quick); epoch++) {
      for (const { trainer, seconds } of inTurns(sides, round + epoch)) {
        const { seconds: taken } = await trainer.ask({ epoch: true });
        seconds.push((taken * epochSamples) / samples);
      }
      if (epoch >= cold) spent += (sides.old.seconds.at(-1) * samples) / epochSamples;
    }
    for (const { name, trainer } of both) {
      const { weightsSha256 } = await trainer.ask({ end: true });
      digests.add(`${label}, ${epoch} epochs`, name, weightsSha256);
    }
    const middle = ({ seconds }) => median(seconds.slice(cold));
    return { old: middle(sides.old), new: middle(sides.new) };
  } finally {
    for (const { trainer } of both) trainer.leave();
  }
}

function isEnough(epochs, seconds, quick) {
  if (quick) return epochs >= 1;
  return epochs >= counted.most || (epochs >= counted.least && seconds >= counted.seconds);
}
