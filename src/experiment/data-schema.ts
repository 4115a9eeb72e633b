/** The schema of the settings of `data`. */
import { tasks } from '../contracts/task.ts';
import { madeLimits, missingRules, scalings } from './data-settings.ts';
import { type Schema, settings } from './schema-parts.ts';

/** A column of a table: its name, or its position from 1. */
const columnForms: readonly Schema[] = [
  { type: 'string', minLength: 1 },
  { type: 'integer', minimum: 1 },
];
const column: Schema = { anyOf: columnForms };
const columns: Schema = { type: 'array', minItems: 1, items: column };

export const dataSchema: Schema = {
  description: 'The data set.',
  default: {},
  ...settings(
    {
      source: {
        type: 'string',
        minLength: 1,
        default: 'mnist',
        description:
          '`mnist`, a table (CSV, TSV), a folder of pictures or of IDX files, or an .npz file; paths start ' +
          'at this file. `mnist-2000` is the beginning of MNIST; ' +
          '`two-moons` and `spirals` are made: points of a ' +
          'plane.',
      },
      test: {
        type: 'string',
        minLength: 1,
        description: 'A file or folder with the test set, if it is not found beside `source`.',
      },
      testShare: {
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        description:
          'The share of the samples that becomes the test set if there is no file for it, the same for any ' +
          'seed. By default 0.2 of a table or a folder of pictures, and a seventh of images in a CSV file.',
      },
      fold: {
        type: 'object',
        properties: {
          number: { type: 'integer', minimum: 1, description: 'Which of them is the test set, from 1.' },
          of: { type: 'integer', minimum: 2, description: 'Parts of the samples.' },
        },
        required: ['number', 'of'],
        additionalProperties: false,
        description: 'One fold of a cross-validation plays the test set. `--folds` writes it.',
      },
      task: {
        enum: [...tasks],
        description:
          'What is predicted: one of several classes, values (regression), or flags (several times yes or ' +
          'no). By default what the loss is for, or what the column looks like.',
      },
      target: {
        anyOf: [...columnForms, columns],
        description:
          'The columns of a table that are to be predicted: by name, by position from 1, or `first` or ' +
          '`last`. By default a column called label, target, class, species or y.',
      },
      features: {
        ...columns,
        description: 'The columns of a table that are read; by default all but the target.',
      },
      drop: {
        ...columns,
        description: 'Columns of a table that are not read.',
      },
      group: {
        ...column,
        description: 'A column of a table: rows with the same value stay on one side of every split.',
      },
      categories: {
        ...columns,
        description: 'Columns of numbers that are names, such as postcodes. Columns of words are found.',
      },
      missing: {
        enum: [...missingRules],
        description:
          'Missing cells. `refuse` (default): none may be missing. `mean`: of numbers the mean of the ' +
          'training part, of words a category of its own. `category`: the same, and one more input says ' +
          'that a number is missing.',
      },
      preparation: {
        enum: [...scalings],
        description:
          'How numbers of a table are scaled, as fitted to the training part. `standardise` (default): to ' +
          'mean 0 and deviation 1. `min-max`: to 0 to 1. `none`: not at all.',
      },
      header: {
        type: 'boolean',
        description: 'Whether the first line of a table has the names of the columns; else it is found.',
      },
      decimal: {
        enum: ['point', 'comma'],
        description: 'The decimal mark of the numbers in a table; else it is found.',
      },
      shape: {
        type: 'string',
        pattern: '^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}(x[13])?$',
        description: 'The rows of a CSV file are pictures of this size: height x width, such as 28x28.',
      },
      size: {
        type: 'string',
        pattern: '^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}$',
        description: 'Pictures of a folder are resized to this height x width, such as 28x28.',
      },
      white: {
        type: 'number',
        exclusiveMinimum: 0,
        description:
          'The number of a white pixel, if pixels are no bytes: 1, 16, 65535. By default 255, or 1 or 16 ' +
          'if no training pixel is larger.',
      },
      transpose: {
        type: 'boolean',
        description: 'Rows and columns of the pictures are swapped, as in the files of EMNIST.',
      },
      samples: {
        type: 'integer',
        minimum: madeLimits.samples.fewest,
        maximum: madeLimits.samples.most,
        description: 'Of `two-moons` and `spirals`: points in all, of the test set too; by default 1000.',
      },
      noise: {
        type: 'number',
        minimum: 0,
        maximum: madeLimits.noise,
        description:
          'Of `two-moons` and `spirals`: the standard deviation of what is added to each coordinate; by ' +
          'default 0.1 and 0.03. The curves have radius 1.',
      },
      seed: {
        type: 'integer',
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'Of `two-moons` and `spirals`: the key of their noise; by default 1. The seed of the training ' +
          'does not change the data.',
      },
      turns: {
        type: 'number',
        minimum: madeLimits.turns.least,
        maximum: madeLimits.turns.most,
        description: 'Of `spirals`: how often an arm winds around the middle; by default 1.5.',
      },
      arms: {
        type: 'integer',
        minimum: madeLimits.arms.fewest,
        maximum: madeLimits.arms.most,
        description: 'Of `spirals`: arms, each of which is a class; by default 2.',
      },
      from: {
        type: 'string',
        minLength: 1,
        description: 'Where to get the data, for people; told if there is nothing at `source`.',
      },
      validation: {
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        ],
        default: 5000,
        description:
          'Number of training samples held out at random, or a share such as 0.2, which is drawn class by ' +
          'class. The figures of each epoch come from them.',
      },
      training: {
        anyOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }],
        default: 'all',
        description: 'Number of the other training samples that are used, drawn at random.',
      },
      monitor: {
        enum: ['validation', 'test'],
        default: 'validation',
        description: 'The set that is evaluated after each epoch. `test` uses the test set all the time.',
      },
    },
    [],
  ),
};
