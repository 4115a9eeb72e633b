/** The test set, if there is no file for it: a share of the samples, or one fold of a cross-validation. */
import type { Targets } from '../contracts/task.ts';
import { targetWidth } from '../contracts/task.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { permutation, stream } from '../foundation/random.ts';
import { allocateFeatures, allocateTargets, columnsOf, type Dataset, type Samples } from './dataset.ts';
import { type HeldOut, holdOut } from './hold-out.ts';

/** What a split looks at. */
export type Split = Pick<Samples, 'count' | 'targets' | 'groups'>;

/**
 * Holds a share out: always the same samples, whatever the experiment's seed. Both in the order of the file.
 */
export function testShareOf(samples: Split, targets: Targets, share: number): HeldOut {
  const drawn = permutation(samples.count, stream('test-split'));
  const { held, rest } = holdOut(drawn, samples, targets, share, undefined, 'data.testShare');
  return { held: held.sort(), rest: rest.sort() };
}

/**
 * A data set of samples that are all in the training set: a share of them becomes the test set, as
 * `data.testShare` says. If the samples are dealt out in folds, none does.
 */
export function withTestSet(
  all: Omit<Dataset, 'test'>,
  { fold, testShare }: Pick<DataFormat, 'fold' | 'testShare'>,
  usualShare: number,
): Dataset {
  const { train, targets, features } = all;
  const pick = (rows: Uint32Array) => pickSamples(train, rows, columnsOf(features), all);
  if (fold) return { ...all, test: pick(new Uint32Array(0)) };
  const { held, rest } = testShareOf(train, targets, testShare ?? usualShare);
  return { ...all, train: pick(rest), test: pick(held) };
}

/**
 * One of several parts of the samples, numbered from 1. The parts are the same for any seed, of nearly equal
 * size, and of classes each part has its share. Samples of a group are in one part.
 */
export function foldOf(
  samples: Split,
  targets: Targets,
  { number, of }: { number: number; of: number },
): HeldOut {
  const { count, groups } = samples;
  if (number > of || of > count) {
    throw new LockstepError('usage', {
      where: 'data.fold',
      expected: `a fold from 1 to ${of}, of at most ${count} samples`,
      got: `${number} of ${of}`,
    });
  }
  const drawn = permutation(count, stream('folds', of));
  const fold = groups ? foldsByGroup(drawn, groups, of) : foldsInTurn(drawn, samples, targets, of);
  const held = drawn.filter((sample) => fold[sample] === number - 1).sort();
  const rest = drawn.filter((sample) => fold[sample] !== number - 1).sort();
  if (held.length > 0 && rest.length > 0) return { held, rest };
  throw new LockstepError('data', {
    where: 'data.group',
    expected: `at least ${of} groups for ${of} folds`,
    got: 'fewer',
  });
}

/** Deals the samples out in turn, class after class. */
function foldsInTurn(
  drawn: Uint32Array,
  { targets: labels }: Split,
  targets: Targets,
  of: number,
): Uint32Array {
  const order =
    targets.kind === 'classes' ? Array.from(drawn).sort((a, b) => labels[a]! - labels[b]!) : drawn;
  const fold = new Uint32Array(drawn.length);
  for (const [place, sample] of order.entries()) fold[sample] = place % of;
  return fold;
}

/** Gives each group, the largest first, to the fold that has the fewest samples. */
function foldsByGroup(drawn: Uint32Array, groups: Uint32Array, of: number): Uint32Array {
  const sizes = new Map<number, number>();
  for (const sample of drawn) sizes.set(groups[sample]!, (sizes.get(groups[sample]!) ?? 0) + 1);
  const filled = new Array<number>(of).fill(0);
  const foldOfGroup = new Map<number, number>();
  for (const [group, size] of [...sizes].sort(([, a], [, b]) => b - a)) {
    const least = filled.indexOf(Math.min(...filled));
    foldOfGroup.set(group, least);
    filled[least]! += size;
  }
  return groups.map((group) => foldOfGroup.get(group)!);
}

/** A data set of the training samples alone, of which one fold plays the test set. */
export function foldDataset(dataset: Dataset, fold: { number: number; of: number }): Dataset {
  const { features, targets, train } = dataset;
  const { held, rest } = foldOf(train, targets, fold);
  const pick = (rows: Uint32Array) => pickSamples(train, rows, columnsOf(features), { features, targets });
  return { ...dataset, train: pick(rest), test: pick(held) };
}

/** Copies some samples. */
export function pickSamples(
  samples: Samples,
  rows: Uint32Array,
  columns: number,
  { features, targets }: Pick<Dataset, 'features' | 'targets'>,
): Samples {
  const width = targetWidth(targets);
  const picked: Samples = {
    count: rows.length,
    features: allocateFeatures(rows.length, features),
    targets: allocateTargets(rows.length, targets),
  };
  for (const [i, row] of rows.entries()) {
    picked.features.set(samples.features.subarray(row * columns, (row + 1) * columns), i * columns);
    picked.targets.set(samples.targets.subarray(row * width, (row + 1) * width), i * width);
  }
  if (samples.groups) {
    const { groups } = samples;
    picked.groups = Uint32Array.from(rows, (row) => groups[row]!);
  }
  return picked;
}
