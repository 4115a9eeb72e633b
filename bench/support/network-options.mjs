// Options of a command line that choose networks, batch sizes and numbers of threads.
import { convolutional, networkNames, networks, wide } from './networks.mjs';
import { readCounts, WrongOption } from './options.mjs';

export const networkOptions = {
  '--network': (part, { networks: before = [] }) => ({
    networks: [...new Set([...before, ...networksLike(part)])],
  }),
  '--batch': (text) => ({ batchSizes: readCounts('--batch', text) }),
  '--threads': (text) => ({ threads: readCounts('--threads', text) }),
};

/** The networks whose names contain this; the wide one only if no other does. */
function networksLike(part) {
  const like = ({ name }) => name.includes(part);
  const found = [...networks, ...convolutional].filter(like);
  if (found.length > 0) return found;
  if (like(wide)) return [wide];
  const names = networkNames.map((name) => `"${name}"`).join(', ');
  throw new WrongOption(`--network: expected a part of one of ${names}, got "${part}"`);
}
