/**
 * Checks that the parts of a sweep's file fit together: its settings with those of the command line, its
 * paths and values with the experiment, its objective with what is varied, its rungs with the length of the
 * trainings. Each mistake gives one line that says where it is.
 */
import type { Experiment } from '../experiment/experiment.ts';
import { adviceFor } from '../experiment/familiar-names.ts';
import { longWarmup } from '../experiment/long-warmup.ts';
import type { ReadExperiment } from '../experiment/read.ts';
import { keysOf, type Override, startsWith } from '../experiment/setting-path.ts';
import { topSettings } from '../experiment/settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { rungsOf } from './hyperband.ts';
import type { Objective } from './objective.ts';
import type { SweepBlock } from './schema.ts';
import { type Dimension, multiple, type Named, type Parameters, quantaOf, sizeOf } from './space.ts';

/** Calls a function, and keeps the mistake that it throws among the others. */
export type Collect = <T>(read: () => T) => T | undefined;

export function collector(faults: LockstepError[]): Collect {
  return (read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      faults.push(error);
      return undefined;
    }
  };
}

/** Settings that are varied and also given on the command line. */
export function conflicts(dimensions: readonly Dimension[], overrides: readonly Override[]): LockstepError[] {
  return overrides.flatMap(({ path, origin }) => {
    const clash = dimensions.find(
      (dimension) =>
        startsWith(keysOf(dimension.path), keysOf(path)) || startsWith(keysOf(path), keysOf(dimension.path)),
    );
    if (!clash) return [];
    return new LockstepError('usage', {
      where: origin,
      expected: 'a setting that the sweep does not vary',
      got: `${clash.path}, varied at ${clash.origin(undefined)}`,
    });
  });
}

/** Settings that change the unit of the loss: the losses of two trials that differ in them say nothing. */
const unitsOfLoss = ['loss', 'classWeights', 'data.target'];

/** Refuses to judge trials by a loss that is counted in other units in each. */
export function checkUnits({ name }: Objective, dimensions: readonly Dimension[]): LockstepError[] {
  if (name !== 'val_loss') return [];
  return dimensions
    .filter((dimension) => sizeOf(dimension) > 1)
    .filter(({ path }) => unitsOfLoss.some((unit) => startsWith(keysOf(path), keysOf(unit))))
    .map(
      ({ path, origin }) =>
        new LockstepError('usage', {
          where: origin(undefined),
          expected: `nothing that changes the unit of ${name}, which judges the trials`,
          got: path,
          hint:
            'judge them by a figure such as val_accuracy or val_f1: ' +
            '`metric: { name: val_f1, goal: maximize }`',
        }),
    );
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

/** Paths whose first word is no setting, each with its complaint and the path that was meant. */
export function unknownPaths(named: readonly Named[], base: Experiment): Map<string, LockstepError> {
  const settings = Object.keys(topSettings);
  const unknown = named.filter(({ path }) => !settings.includes(String(keysOf(path)[0])));
  return new Map(
    unknown.map(({ path, origin }) => [
      path,
      new LockstepError('usage', {
        where: origin(undefined),
        expected: 'a path into the experiment',
        got: path,
        hint: adviceFor(path, settings, base) ?? 'such as optimizer.learningRate',
      }),
    ]),
  );
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
  collect: Collect,
): ReadExperiment[] {
  const first = Object.fromEntries(dimensions.map((dimension) => [dimension.path, samplesOf(dimension)[0]]));
  const together = collect(() => resolve(first));
  // What is wrong here would be wrong in every other.
  if (!together) return [];
  const rest = dimensions.flatMap((dimension) =>
    samplesOf(dimension)
      .slice(1)
      .flatMap((value) => collect(() => resolve({ ...first, [dimension.path]: value })) ?? []),
  );
  return [together, ...rest];
}

/** Trials whose learning rate is still rising when they end. */
export function warnOfWarmups(probes: readonly ReadExperiment[]): string[] {
  const warnings = probes.flatMap(({ experiment, locate }) => {
    const { epochs, schedule } = experiment;
    const warning = epochs && longWarmup(schedule, epochs);
    return warning ? `${locate('schedule.warmup')}: ${warning}` : [];
  });
  return [...new Set(warnings)];
}

/** Refuses a hyperband that names its rungs in two ways, or in none. */
export function checkRungs(early: SweepBlock['early_terminate'], where: string): void {
  if (!early) return;
  const { min_iter: least, max_iter: most, s } = early;
  if (least === undefined ? most !== undefined && s !== undefined : s === undefined) return;
  const given = Object.keys(early).filter((key) => ['min_iter', 'max_iter', 's'].includes(key));
  throw new LockstepError('usage', {
    where,
    expected: 'either min_iter, or max_iter and s',
    got: given.join(', ') || 'neither',
  });
}

/** Refuses a hyperband whose rungs could never stop a training. */
export function checkLengths(
  { early, dimensions }: { early: SweepBlock['early_terminate']; dimensions: readonly Dimension[] },
  resolve: (parameters: Parameters) => ReadExperiment,
  where: string,
): void {
  if (!early) return;
  const longest = Object.fromEntries(
    dimensions.map((dimension) => [dimension.path, samplesOf(dimension).at(-1)]),
  );
  const { epochs = Number.POSITIVE_INFINITY } = resolve(longest).experiment;
  if (Number.isFinite(epochs) && rungsOf(early, epochs).length === 0) {
    throw new LockstepError('usage', {
      where,
      expected: `a rung before the last of ${epochs} epochs`,
      got: 'none',
      hint: 'make min_iter smaller, or the trainings longer',
    });
  }
}
