// The options of a comparison of two checkouts: `--against FOLDER`, and those that go with it.
import { networkOptions } from '../support/network-options.mjs';
import { readCounts, WrongOption } from '../support/options.mjs';
import { openCheckouts } from './checkouts.mjs';

export const againstOptions = {
  '--against': (folder) => ({ checkouts: openCheckouts(folder) }),
  ...networkOptions,
  '--pairs': (text) => {
    const counts = readCounts('--pairs', text);
    if (counts.length > 1) throw new WrongOption(`--pairs: expected one number, got "${text}"`);
    return { pairs: counts[0] };
  },
  '--other-bits': () => ({ otherBits: true }),
};

/** Options that the section `epochs` has too, and their keys. */
const ofEpochs = { networks: '--network', batchSizes: '--batch', threads: '--threads' };
const ofPairs = { pairs: '--pairs', otherBits: '--other-bits' };

/** Checks that the options fit together. Throws a WrongOption if they do not. */
export function checkAgainst({ checkouts, chosen, compare, ...options }, comparable) {
  const given = (keys) => Object.entries(keys).find(([key]) => options[key] !== undefined)?.[1];
  if (!checkouts) {
    const [pair, network] = [given(ofPairs), given(ofEpochs)];
    if (pair) throw new WrongOption(`${pair} goes with --against FOLDER`);
    const epochsAlone = chosen.length === 1 && chosen[0] === 'epochs';
    if (network && !epochsAlone)
      throw new WrongOption(`${network} goes with --against FOLDER, or with the section epochs alone`);
    return;
  }
  const other = chosen.find((name) => !comparable.includes(name));
  if (other) throw new WrongOption(`--against: expected ${comparable.join(' or ')}, got ${other}`);
  if (compare !== undefined) throw new WrongOption('--against measures both; leave out --compare');
}
