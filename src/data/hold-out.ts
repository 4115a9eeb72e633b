/** Which samples are held out: a number of them, or a share, by class and by group. */
import type { Targets } from '../contracts/task.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Locate } from '../model/network.ts';
import type { Samples } from './dataset.ts';

export interface HeldOut {
  held: Uint32Array;
  /** The others, in the order in which they were drawn. */
  rest: Uint32Array;
}

/**
 * Holds out some of the samples, in the order in which they were drawn.
 *
 * A whole number takes so many, whatever they are. A share is stratified for classes: each class gives its
 * share, rounded so that the total is right (largest remainders, of equals the smaller class number first).
 * Samples of a group stay together; then whole groups are taken until the number is reached.
 */
export function holdOut(
  drawn: Uint32Array,
  samples: Pick<Samples, 'count' | 'targets' | 'groups'>,
  targets: Targets,
  wanted: number,
  locate: Locate = (path) => path,
  setting = 'data.validation',
): HeldOut {
  const { count, groups } = samples;
  const share = wanted > 0 && wanted < 1;
  const number = share ? Math.max(1, Math.round(wanted * count)) : wanted;
  if (number >= count) {
    throw new LockstepError('usage', {
      where: locate(setting),
      expected: `fewer than the ${count} training samples`,
      got: String(wanted),
      hint: `hold out a part of them, such as --set ${setting}=${count >= 20 ? Math.floor(count / 10) : 0.2}`,
    });
  }
  if (groups) return byGroup(drawn, groups, number, locate);
  if (share && targets.kind === 'classes') return byClass(drawn, samples.targets, targets.count, number);
  return { held: drawn.slice(0, number), rest: drawn.slice(number) };
}

function byClass(drawn: Uint32Array, labels: Samples['targets'], classes: number, number: number): HeldOut {
  const sizes = new Float64Array(classes);
  for (const sample of drawn) sizes[labels[sample]!]!++;
  const quotas = quotasOf(sizes, number);
  return pick(drawn, (sample) => {
    const label = labels[sample]!;
    if (quotas[label]! <= 0) return false;
    quotas[label]!--;
    return true;
  });
}

/** Divides a number among classes in proportion to their sizes. */
function quotasOf(sizes: Float64Array, number: number): Float64Array {
  const total = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => (size * number) / total);
  const quotas = exact.map(Math.floor);
  const missing = number - quotas.reduce((a, b) => a + b, 0);
  const order = Array.from(exact.keys()).sort(
    (a, b) => exact[b]! - quotas[b]! - (exact[a]! - quotas[a]!) || a - b,
  );
  for (const at of order.slice(0, missing)) quotas[at]!++;
  return quotas;
}

function byGroup(drawn: Uint32Array, groups: Uint32Array, number: number, locate: Locate): HeldOut {
  if (number === 0) return { held: drawn.slice(0, 0), rest: drawn };
  const sizes = new Map<number, number>();
  for (const sample of drawn) sizes.set(groups[sample]!, (sizes.get(groups[sample]!) ?? 0) + 1);
  const taken = new Set<number>();
  let held = 0;
  // A Map keeps the order in which the groups were first drawn. A group that is too large is passed over.
  for (const [group, size] of sizes) {
    if (held >= number) break;
    if (held > 0 && held + size > 1.5 * number) continue;
    if (held + size >= drawn.length) continue;
    taken.add(group);
    held += size;
  }
  if (held === 0) {
    throw new LockstepError('usage', {
      where: locate('data.group'),
      expected: 'at least two groups, of which one can be held out',
      got: String(sizes.size),
    });
  }
  return pick(drawn, (sample) => taken.has(groups[sample]!));
}

function pick(drawn: Uint32Array, takes: (sample: number) => boolean): HeldOut {
  const held: number[] = [];
  const rest: number[] = [];
  for (const sample of drawn) (takes(sample) ? held : rest).push(sample);
  return { held: Uint32Array.from(held), rest: Uint32Array.from(rest) };
}
