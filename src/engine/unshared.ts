/** Which trainings ranks can share, and how well: minibatches are shared in whole cuts of rows. */
import type { Experiment } from '../experiment/experiment.ts';
import { cutCount, longestSum } from '../foundation/cuts.ts';
import { LockstepError } from '../foundation/errors.ts';
import { grouped } from '../foundation/format.ts';
import type { Locate, NetworkPlan } from '../model/network.ts';
import type { Rank } from '../ranks/exchange.ts';
import { minibatchesOf } from './minibatches.ts';

/** Refuses what ranks cannot share: minibatches of one cut, and layers that do not say how. */
export function refuseUnshared(
  network: NetworkPlan,
  { batchSize }: Experiment,
  samples: number,
  { count }: Pick<Rank, 'count'>,
  locate: Locate,
): void {
  if (count === 1) return;
  const { largest } = minibatchesOf(batchSize, samples, network);
  if (cutCount(largest) < 2) {
    throw new LockstepError('usage', {
      where: locate('batchSize'),
      expected:
        `minibatches of more than ${longestSum} rows, ` + `because ranks share them in cuts of ${longestSum}`,
      got: grouped(largest),
      hint: `write \`batchSize: ${longestSum * count}\` for ${count} ranks, or train without --ranks`,
    });
  }
  for (const { plan, frozen, config, path } of network.nodes) {
    if (frozen || !plan.statistics?.length || plan.rounds) continue;
    throw new LockstepError('usage', {
      where: locate(path),
      expected: 'layers that ranks can share',
      got: `${config.kind}, whose statistics are not made cut by cut`,
      hint: 'train without --ranks',
    });
  }
}

/**
 * Says if some ranks have less to do than others in a full minibatch, and what would suit them; undefined if
 * all have the same.
 */
export function unevenShares(rows: number, { count }: Pick<Rank, 'count'>): string | undefined {
  const cuts = cutCount(rows);
  if (cuts % count === 0) return undefined;
  const most = Math.ceil(cuts / count);
  const suits = [Math.floor(cuts / count), most].filter((each) => each > 0);
  const better = suits.map((each) => grouped(each * count * longestSum)).join(' or ');
  const has =
    cuts < count
      ? `${count - cuts} of ${count} ranks have no rows`
      : `some ranks have ${most} of them and others ${most - 1}`;
  return (
    `minibatches of ${grouped(rows)} rows make ${cuts} cuts of ${longestSum}: ${has}; ` +
    `a batch size of ${better} would suit ${count} ranks`
  );
}
