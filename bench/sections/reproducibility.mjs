// The cost of the same bits for any number of threads: whole epochs, in turn, of Lockstep (every number has
// one owner) and of the usual way (a slab of gradients for each thread, and the slabs are added;
// bench/slabs). Both use the same kernels, blocks and barriers.
//
// Both must learn: the loss, ln 10 = 2.3 at the start, is below `bound` in the last epoch.
import { slabEpochs } from '../slabs/train-slabs.mjs';
import { lockstepEpochs, warmUps } from '../support/lockstep-epochs.mjs';
import { benchExperiment, networkOf } from '../support/networks.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { median } from '../support/statistics.mjs';

const bound = 0.5;

export async function reproducibility({ dataset, quick }) {
  const [rounds, counted] = quick ? [1, 1] : [5, 2];
  const executors = [1, 2, 4, 8];
  const names = ['784-128-10', '784-512-128-64-10'];
  const ways = { 'one owner': lockstepEpochs, slabs: slabEpochs };
  const cases = names.flatMap((name) =>
    executors.map((count) => ({
      name,
      count,
      experiment: benchExperiment(networkOf(name), { batchSize: 64, epochs: warmUps(64) + counted }),
      runs: Object.keys(ways).map((way) => ({ way, seconds: [], digest: '' })),
    })),
  );
  for (let round = 0; round < rounds; round++) {
    for (const { name, count, experiment, runs } of cases) {
      progress(`reproducibility: round ${round + 1} of ${rounds}, ${name}, ${count} threads`);
      for (const one of round % 2 ? runs.toReversed() : runs) {
        const { seconds, loss, digest } = await ways[one.way](experiment, dataset, count);
        if (!(loss < bound))
          throw new Error(`${name}, ${one.way}, ${count} threads: did not learn, loss ${loss}`);
        one.seconds.push(...seconds);
        one.digest = digest;
      }
    }
  }
  progress('');
  return cases.flatMap(({ name, count, runs }) =>
    runs.map(({ way, seconds, digest }) => {
      const ratio = median(runs[1].seconds) / median(seconds);
      const extra = { 'as fast as slabs': `${ratio.toFixed(2)} x`, 'weights after it': digest.slice(0, 8) };
      return line('reproducibility', `${name} b64 t${count} ${way}`, 's', 'lower', seconds, extra);
    }),
  );
}
