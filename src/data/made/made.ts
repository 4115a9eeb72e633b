/**
 * Data sets that are made and not read: points of a plane in two columns, x and y, each of a class.
 *
 * They use nothing but the exact functions and the named random streams, so the same settings give the same
 * bits on any machine, in a browser too.
 */
import { madeLimits } from '../../experiment/data-settings.ts';
import { checkObject, checkOptions, checkWhole, wrongKind, wrongValue } from '../../foundation/check.ts';
import { permutation, stream } from '../../foundation/random.ts';
import { allocateSamples, type Dataset, type Features } from '../dataset.ts';
import { withTestSet } from '../test-split.ts';

/** What all made data sets have. The defaults of `noise` are their own. */
export interface MadeSettings {
  /** Points in all, of the test set too: 1000. */
  samples?: number;
  /** Standard deviation of what is added to each coordinate. */
  noise?: number;
  /** Key of the noise and of the order of the points: 1. The seed of a training does not change them. */
  seed?: number;
  /** The share of the points that becomes the test set, with the share of each class: 0.2. */
  testShare?: number;
  /** The points are for the folds of a cross-validation: all of them are in the training set. */
  fold?: { number: number; of: number };
}

/** A data set without its points' noise. */
export interface Curves {
  name: string;
  /** A class for each curve. */
  classes: readonly string[];
  noise: number;
  /** Point `i` of the `count` points of a class, before the noise. */
  point(label: number, i: number, count: number): readonly [x: number, y: number];
}

const features: Features = {
  kind: 'floats',
  shape: [2],
  columns: [
    { kind: 'number', name: 'x' },
    { kind: 'number', name: 'y' },
  ],
};

const usualSamples = 1000;
const usualTestShare = 0.2;

/**
 * Points along curves, a class for each. The classes have as many points each, the first ones one more if it
 * does not come out even. Each coordinate gets its noise, and the points come in random order.
 */
export function alongCurves({ name, classes, point, ...usual }: Curves, given: MadeSettings): Dataset {
  const { samples = usualSamples, noise = usual.noise, seed = 1, testShare, fold } = given;
  const targets = { kind: 'classes', count: classes.length, names: classes, column: 'class' } as const;
  const all = allocateSamples(samples, features, targets);
  const places = permutation(samples, stream(seed, name, 'order'));
  const { normal } = stream(seed, name, 'noise');
  let made = 0;
  for (const label of classes.keys()) {
    const count = Math.ceil((samples - label) / classes.length);
    for (let i = 0; i < count; i++) {
      const place = places[made++]!;
      const [x, y] = point(label, i, count);
      all.features[2 * place] = x + noise * normal();
      all.features[2 * place + 1] = y + noise * normal();
      all.targets[place] = label;
    }
  }
  const share = testShare === undefined ? {} : { testShare };
  const notes = [`made: ${samples} points, noise ${noise}, seed ${seed}`];
  const dataset = { name, features, targets, notes, train: all };
  return withTestSet(dataset, { ...share, ...(fold ? { fold } : {}) }, usualTestShare);
}

/** @throws TypeError or RangeError in the form `noise: expected ..., got ...` */
export function checkMade(label: string, given: unknown, own: readonly string[] = []): void {
  checkOptions(label, given, ['samples', 'noise', 'seed', 'testShare', 'fold', ...own]);
  const { samples, noise, seed, testShare } = checkObject(label, given, 'an object of settings');
  const { fewest, most } = madeLimits.samples;
  if (samples !== undefined) checkWhole('samples', samples, fewest, most);
  if (seed !== undefined) checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkNumber('noise', noise, 0, madeLimits.noise);
  if (testShare === undefined) return;
  if (typeof testShare !== 'number') throw wrongKind('testShare', 'a share between 0 and 1', testShare);
  if (!(testShare > 0 && testShare < 1)) throw wrongValue('testShare', 'a share between 0 and 1', testShare);
}

/** A number within these bounds, or nothing. */
export function checkNumber(label: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  const expected = `a number from ${least} to ${most}`;
  if (typeof value !== 'number') throw wrongKind(label, expected, value);
  if (!(value >= least && value <= most)) throw wrongValue(label, expected, value);
}
