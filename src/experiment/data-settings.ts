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
}

export interface DataSettings extends DataFormat {
  /** Where to get the data, for people. */
  from?: string;
  /** `mnist`, a table, a folder of pictures or of IDX files, an .npz file. */
  source: string;
  /** Training samples that are held out for validation: a number, or a share below 1. */
  validation: number;
  /** Number of the remaining training samples that are used. */
  training: number | 'all';
  /** The set that is evaluated after each epoch. */
  monitor: 'validation' | 'test';
}
