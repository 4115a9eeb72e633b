// Compares this checkout with another: `npm run bench -- --against FOLDER`.
import { availableCores } from '../../dist/src/platform/cores.js';
import { networks } from '../support/networks.mjs';
import { spread } from '../support/statistics.mjs';
import { figure, percent, printTable } from '../support/table.mjs';
import { checkoutLine } from './checkouts.mjs';
import { epochsAgainst } from './epochs.mjs';
import { createDigests, geometricMean, verdictOf } from './pairs.mjs';
import { startupAgainst } from './startup.mjs';

/** The sections that can be compared. The others would need files of a checkout that move. */
export const comparable = {
  epochs: ['seconds of an epoch of 60,000 images (b: batch size, t: threads)', epochsAgainst],
  startup: ['seconds of a process of its own', startupAgainst],
};

/** Compares and prints. Returns the lines of a report, the commits, and whether all bits were the same. */
export async function compareCheckouts({ checkouts, chosen, quick, ...given }) {
  console.log(checkoutLine(checkouts.old));
  console.log(checkoutLine(checkouts.new));
  const digests = createDigests();
  const options = {
    quick,
    networks: given.networks ?? networks,
    pairs: given.pairs ?? (quick ? 1 : 7),
    batchSizes: given.batchSizes ?? (quick ? [64] : [64, 128]),
    threads: given.threads ?? [...new Set([1, Math.min(2, availableCores())])],
  };
  const lines = [];
  for (const name of chosen.length > 0 ? chosen : Object.keys(comparable)) {
    const [title, measure] = comparable[name];
    const measured = await measure(checkouts, digests, options);
    printPairs(`${name}: ${title}`, measured);
    lines.push(...measured);
  }
  const { count, differences } = digests.compare();
  if (differences.length === 0)
    console.log(`\nthe same bits: the weights of all ${count} trainings are equal`);
  else console.log(`\nOTHER BITS: the weights of ${differences.length} of ${count} trainings differ`);
  for (const difference of differences) console.log(`  ${difference}`);
  const commits = { old: checkouts.old.commit, new: checkouts.new.commit };
  return { lines, commits, same: differences.length === 0 };
}

function printPairs(title, lines) {
  console.log(`\n${title}`);
  const { count } = lines[0];
  const pairs = count === 1 ? 'one pair' : `the median of ${count} pairs`;
  console.log(
    `new/old: ${pairs}, below 1 the new one is faster; marked: all pairs say so, and more than 2 %`,
  );
  const ratio = (value) => value.toFixed(3);
  const rows = lines.map((one) => [
    one.name,
    figure(one.seconds.old),
    figure(one.seconds.new),
    ratio(one.median),
    `± ${percent(spread(one))}`,
    `${ratio(Math.min(...one.ratios))} to ${ratio(Math.max(...one.ratios))}`,
    verdictOf(one),
  ]);
  const all = ratio(geometricMean(lines.map(({ median }) => median)));
  printTable(
    ['', 'old', 'new', 'new/old', 'spread', 'pairs', ''],
    [...rows, ['all: geometric mean', '', '', all, '', '', '']],
  );
}
