// What `npm run bench:peers` measures: peers, and networks with their batch sizes.
import { peerKinds } from '../support/find-peers.mjs';
import { networkOptions } from '../support/network-options.mjs';
import { convolutional, networkOf, networks, wide } from '../support/networks.mjs';
import { WrongOption } from '../support/options.mjs';

export const peersHelp = `npm run bench:peers -- [NETWORK...] [OPTION...]      two hours or so for all
  --network PART    a network with this in its name, instead of all; again for another
  --batch 64,256    batch sizes; without it 64, 128, 256 and 1024
  --peer PART       a peer with this in its name, instead of all; again for another
  --quick           one round, smaller samples, batch 64: to see that it works, not how fast it is
  --json[=FILE]     also write peers.json, or another file`;

export const peersOptions = {
  '--network': networkOptions['--network'],
  '--batch': networkOptions['--batch'],
  '--peer': (part, { peers = [] }) => ({ peers: [...new Set([...peers, ...peersLike(part)])] }),
};

function peersLike(part) {
  const found = peerKinds.filter((kind) => kind.includes(part));
  if (found.length > 0) return found;
  throw new WrongOption(`--peer: expected a part of one of ${peerKinds.join(', ')}, got "${part}"`);
}

export function checkPeers({ compare }) {
  if (compare !== undefined) throw new WrongOption('--compare goes with `npm run bench`');
}

/** The networks and batch sizes to measure, as pairs. */
export function casesOf({ quick, chosen, networks: like = [], batchSizes }) {
  const named = [...new Set([...chosen.map(networkOf), ...like])];
  const sizes = batchSizes ?? (quick ? [64] : [64, 128, 256, 1024]);
  const usual = ({ batches: { least = 1, most = Number.POSITIVE_INFINITY } = {} }) =>
    sizes.filter((size) => size >= least && size <= most);
  if (named.length > 0) return pairs(named, (network) => (batchSizes ? sizes : orAll(usual(network), sizes)));
  return pairs([...networks, ...convolutional, wide], usual);
}

function pairs(networks, sizesOf) {
  return networks.flatMap((network) => sizesOf(network).map((batchSize) => ({ network, batchSize })));
}

const orAll = (some, all) => (some.length > 0 ? some : all);

/** The largest batch that slow peers are measured with, unless they are named. */
const mostOfSlow = 128;

/** Why a peer is not measured with this network and batch size, or undefined. */
export function reasonToSkip({ kind, slow }, { network, batchSize }, { peers = [] }) {
  if (!slow || peers.includes(kind) || (networks.includes(network) && batchSize <= mostOfSlow))
    return undefined;
  return `too slow for large networks and for batches above ${mostOfSlow}, unless it is named`;
}
