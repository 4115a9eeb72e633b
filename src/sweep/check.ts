/**
 * Checks that the parts of a sweep's file fit together: its settings with those of the command line, its
 * paths and values with the experiment, its rungs with the length of the trainings. A mistake gives one line
 * that says where it is.
 */
import type { Experiment } from '../experiment/experiment.ts';
import type { ReadExperiment } from '../experiment/read.ts';
import { type Key, keysOf, type Override, startsWith } from '../experiment/setting-path.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { rungsOf } from './hyperband.ts';
import type { SweepBlock } from './schema.ts';
import { type Dimension, multiple, type Parameters, type Position, quantaOf } from './space.ts';

/** Refuses settings that are varied and also given on the command line. */
export function refuseConflicts(dimensions: readonly Dimension[], overrides: readonly Override[]): void {
  for (const { path, origin } of overrides) {
    const clash = dimensions.find(
      (dimension) =>
        startsWith(keysOf(dimension.path), keysOf(path)) || startsWith(keysOf(path), keysOf(dimension.path)),
    );
    if (clash) {
      throw new LockstepError('usage', {
        where: origin,
        expected: 'a setting that the sweep does not vary',
        got: `${clash.path}, varied at ${clash.origin(undefined)}`,
      });
    }
  }
}

export function requireValidation({ experiment, locate }: ReadExperiment): void {
  const { validation, monitor } = experiment.data;
  if (monitor !== 'validation') {
    throw new LockstepError('usage', {
      where: locate('data.monitor'),
      expected: 'validation, which trials are judged by',
      got: monitor,
      hint: 'the test set is looked at once, for the winner',
    });
  }
  if (validation === 0) {
    throw new LockstepError('usage', {
      where: locate('data.validation'),
      expected: 'validation images, which trials are judged by',
      got: '0',
      hint: 'hold some out, such as --set data.validation=5000',
    });
  }
}

/**
 * Refuses misspelt paths, and suggests a right one, even if only the last part is known (`learning_rate`).
 */
export function checkPaths(dimensions: readonly Dimension[], base: Experiment): void {
  const settings: Record<string, unknown> = { ...base, sweep: undefined };
  const paths = leavesOf(base);
  for (const { path, origin } of dimensions) {
    const [first] = keysOf(path);
    if (String(first) in settings || first === 'seed') continue;
    const bare = (text: string) => text.replace(/[_-]/g, '').toLowerCase();
    const meant =
      paths.find((leaf) => bare(leaf.split('.').at(-1)!) === bare(path)) ??
      nearest(path, paths) ??
      nearest(path, Object.keys(base));
    throw new LockstepError('usage', {
      where: origin(undefined),
      expected: 'a path into the experiment',
      got: path,
      hint: meant === undefined ? 'such as optimizer.learningRate' : `did you mean "${meant}"?`,
    });
  }
}

/** The paths of all settings of an experiment. */
function leavesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.map((item, i): [string, unknown] => [`${path}[${i}]`, item])
    : Object.entries(value).map(([key, item]): [string, unknown] => [
        path === '' ? key : `${path}.${key}`,
        item,
      ]);
  return inner.flatMap(([key, item]) => leavesOf(item, key));
}

/** Values that stand for all of a dimension: each of a list, the ends of an interval. */
function samplesOf(dimension: Dimension): readonly unknown[] {
  switch (dimension.kind) {
    case 'choice':
      return dimension.values;
    case 'interval': {
      const { first, last } = quantaOf(dimension);
      const { min, max, quantum } = dimension;
      return quantum === undefined ? [min, max] : [multiple(first, quantum), multiple(last, quantum)];
    }
    case 'normal':
      return [dimension.mu];
  }
}

/**
 * Tries each value once, while the other parameters have their first. So a wrong value is reported before
 * anything is trained.
 */
export function tryEach(
  dimensions: readonly Dimension[],
  resolve: (parameters: Parameters) => ReadExperiment,
): ReadExperiment[] {
  const first = Object.fromEntries(dimensions.map((dimension) => [dimension.path, samplesOf(dimension)[0]]));
  return [
    resolve(first),
    ...dimensions.flatMap((dimension) =>
      samplesOf(dimension)
        .slice(1)
        .map((value) => resolve({ ...first, [dimension.path]: value })),
    ),
  ];
}

/** Refuses a hyperband whose rungs could never stop a training. */
export function checkLengths(
  { early, dimensions }: { early: SweepBlock['early_terminate']; dimensions: readonly Dimension[] },
  resolve: (parameters: Parameters) => ReadExperiment,
  keys: readonly Key[],
  position: Position,
): void {
  if (!early) return;
  if (
    early.min_iter === undefined
      ? early.max_iter === undefined || early.s === undefined
      : early.s !== undefined
  ) {
    throw new LockstepError('usage', {
      where: position(keys),
      expected: 'either min_iter, or max_iter and s',
      got:
        Object.keys(early)
          .filter((key) => ['min_iter', 'max_iter', 's'].includes(key))
          .join(', ') || 'neither',
    });
  }
  const longest = Object.fromEntries(
    dimensions.map((dimension) => [dimension.path, samplesOf(dimension).at(-1)]),
  );
  const { epochs = Number.POSITIVE_INFINITY } = resolve(longest).experiment;
  if (Number.isFinite(epochs) && rungsOf(early, epochs).length === 0) {
    throw new LockstepError('usage', {
      where: position(keys),
      expected: `a rung before the last of ${epochs} epochs`,
      got: 'none',
      hint: 'make min_iter smaller, or the trainings longer',
    });
  }
}
