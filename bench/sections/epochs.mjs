// Seconds of a whole epoch of 60,000 images: the five seed networks, or those that are named, several batch
// sizes and numbers of threads, in turn. In each round a training starts anew. Its first epochs warm up and
// do not count. Networks that take long are measured on fewer images, and their time is scaled.
//
// All numbers of threads must give the same weights, or the bench fails.
import { lockstepEpochs } from '../support/lockstep-epochs.mjs';
import {
  benchExperiment,
  epochSamples,
  networks,
  samplesOf,
  scaledFrom,
  warmUpsOf,
} from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';

export async function epochs({ dataset, quick, ...given }) {
  const [rounds, counted] = quick ? [1, 1] : [3, 2];
  const sizes = given.batchSizes ?? (quick ? [64] : [32, 64, 128, 256]);
  const executors = given.threads ?? (quick ? [1, 2] : [1, 2, 4, 8]);
  const cases = (given.networks ?? networks).flatMap((network) =>
    sizes.map((batchSize) => ({
      name: `${network.name} b${batchSize}`,
      samples: samplesOf(network),
      cold: warmUpsOf(network, batchSize),
      experiment: benchExperiment(network, { batchSize, epochs: warmUpsOf(network, batchSize) + counted }),
      seconds: new Map(executors.map((count) => [count, []])),
      digests: new Set(),
    })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { name, experiment, samples, cold, seconds, digests } of cases) {
      for (const count of executors) {
        progress(`epochs: round ${round + 1} of ${rounds}, ${name}, ${count} threads`);
        const run = await lockstepEpochs(experiment, dataset, count, cold);
        seconds.get(count).push(...run.seconds.map((time) => (time * epochSamples) / samples));
        digests.add(run.digest);
      }
      if (digests.size > 1) throw new Error(`${name}: ${digests.size} different digests; there must be one`);
    }
  }
  progress('');
  return cases.flatMap(({ name, samples, seconds }) =>
    executors.map((count) => {
      const scaling = median(seconds.get(executors[0])) / median(seconds.get(count));
      const extra = { [`to t${executors[0]}`]: `${scaling.toFixed(2)} x`, ...scaledFrom(samples) };
      return line('epochs', `${name} t${count}`, 's', 'lower', seconds.get(count), extra);
    }),
  );
}
