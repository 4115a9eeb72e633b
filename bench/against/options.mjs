// The options of a comparison of two checkouts: `--against FOLDER`, and those that go with it.
import { networks } from '../support/networks.mjs';
import { readCounts, WrongOption } from '../support/options.mjs';
import { openCheckouts } from './checkouts.mjs';

export const againstOptions = {
  '--against': (folder) => ({ checkouts: openCheckouts(folder) }),
  '--network': (part, { networks = [] }) => ({
    networks: [...new Set([...networks, ...networksLike(part)])],
  }),
  '--batch': (text) => ({ batchSizes: readCounts('--batch', text) }),
  '--threads': (text) => ({ threads: readCounts('--threads', text) }),
  '--pairs': (text) => {
    const counts = readCounts('--pairs', text);
    if (counts.length > 1) throw new WrongOption(`--pairs: expected one number, got "${text}"`);
    return { pairs: counts[0] };
  },
  '--other-bits': () => ({ otherBits: true }),
};

/** The networks whose names contain this. */
function networksLike(part) {
  const found = networks.filter(({ name }) => name.includes(part));
  if (found.length > 0) return found;
  const names = networks.map(({ name }) => `"${name}"`).join(', ');
  throw new WrongOption(`--network: expected a part of one of ${names}, got "${part}"`);
}

/** Checks that the options fit together. Throws a WrongOption if they do not. */
export function checkAgainst({ checkouts, chosen, compare, ...options }, comparable) {
  if (!checkouts) {
    const alone = { networks: '--network', batchSizes: '--batch', threads: '--threads', pairs: '--pairs' };
    for (const [key, name] of Object.entries({ ...alone, otherBits: '--other-bits' })) {
      if (options[key] !== undefined) throw new WrongOption(`${name} goes with --against FOLDER`);
    }
    return;
  }
  const other = chosen.find((name) => !comparable.includes(name));
  if (other) throw new WrongOption(`--against: expected ${comparable.join(' or ')}, got ${other}`);
  if (compare !== undefined) throw new WrongOption('--against measures both; leave out --compare');
}
