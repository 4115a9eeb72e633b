/** The settings at the top of an experiment, but for what the families declare themselves. */
import type { FigureText } from '../contracts/figures.ts';
import { tasks } from '../contracts/task.ts';
import { backends } from '../model/backends.ts';
import { taskFigures } from '../model/catalogue.ts';
import { missingRules, scalings } from './data-settings.ts';

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

/** An object with a closed set of settings. */
export function settings(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** More threads than any machine has cores. */
export const mostThreads = 1024;

/** A published figure. */
function claimOf({ name, note, unit }: FigureText): [name: string, schema: Schema] {
  const text = note ? `${note[0]!.toUpperCase()}${note.slice(1)}.` : 'As summary.json names it.';
  const share = { type: 'number', minimum: 0, maximum: 1, description: `A share: 0.96 is 96 %. ${text}` };
  return [name, unit === 'share' ? share : { type: 'number', description: text }];
}

const claims: Schema = {
  description: 'Published test figures, printed beside the measured ones.',
  ...settings(
    {
      source: { type: 'string', minLength: 1, description: 'The publication.' },
      ...Object.fromEntries([...taskFigures.values()].flatMap(({ figures }) => figures.map(claimOf))),
    },
    ['source'],
  ),
};

const data: Schema = {
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
          'at this file.',
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
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'integer', minimum: 1 },
          {
            type: 'array',
            minItems: 1,
            items: {
              anyOf: [
                { type: 'string', minLength: 1 },
                { type: 'integer', minimum: 1 },
              ],
            },
          },
        ],
        description:
          'The columns of a table that are to be predicted: by name, by position from 1, or `first` or ' +
          '`last`. By default a column called label, target, class, species or y.',
      },
      features: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            { type: 'string', minLength: 1 },
            { type: 'integer', minimum: 1 },
          ],
        },
        description: 'The columns of a table that are read; by default all but the target.',
      },
      drop: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            { type: 'string', minLength: 1 },
            { type: 'integer', minimum: 1 },
          ],
        },
        description: 'Columns of a table that are not read.',
      },
      group: {
        anyOf: [
          { type: 'string', minLength: 1 },
          { type: 'integer', minimum: 1 },
        ],
        description: 'A column of a table: rows with the same value stay on one side of every split.',
      },
      categories: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            { type: 'string', minLength: 1 },
            { type: 'integer', minimum: 1 },
          ],
        },
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
        description: 'Number of the other training images that are used, drawn at random.',
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

const evaluateEvery: Schema = {
  description: 'When figures are taken: after this many epochs or steps each time, and at the end.',
  default: { epochs: 1 },
  minProperties: 1,
  maxProperties: 1,
  ...settings(
    {
      epochs: { type: 'integer', minimum: 1, description: 'Passes over the training images.' },
      steps: { type: 'integer', minimum: 1, description: 'Updates of the weights.' },
    },
    [],
  ),
};

const earlyStopping: Schema = {
  description:
    'Ends the training if a validation figure no longer improves. The best weights are the result.',
  ...settings(
    {
      metric: {
        $ref: '#/$defs/figure',
        default: 'loss',
        description: 'Validation figure that is watched.',
      },
      patience: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description: 'Evaluations without progress after which the training ends.',
      },
      minDelta: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Margin by which the best figure must be beaten to count as progress.',
      },
    },
    [],
  ),
};

/** Each is a backend. */
const kernels: Schema = {
  enum: [...backends.keys()],
  default: 'wasm',
  description: [...backends.values()].map(({ name, summary }) => `\`${name}\`: ${summary}`).join(' '),
};

const execution: Schema = {
  description: 'How the training is executed. Nothing here changes a bit of the result.',
  default: {},
  ...settings(
    {
      threads: {
        anyOf: [{ type: 'integer', minimum: 1, maximum: mostThreads }, { const: 'auto' }],
        default: 'auto',
        description: 'Worker threads; `auto` takes one a core.',
      },
    },
    [],
  ),
};

const classWeights: Schema = {
  anyOf: [{ const: 'balanced' }, { type: 'array', minItems: 1, items: { type: 'number', minimum: 0 } }],
  description:
    'What the loss of a sample is multiplied by, by its class: a list, or `balanced`, in inverse proportion ' +
    'to the frequency of the class. Scaled to mean 1 over the training part. Figures have no weights.',
};

/** The settings of an experiment, in the order of its canonical text. */
export const topSettings: Readonly<Record<string, Schema>> = {
  name: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
    description: 'Name of the run folder; by default the name of the file.',
  },
  description: { type: 'string', default: '', description: 'What the experiment shows, for people.' },
  claims,
  seed: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 1,
    description: 'Key of all random numbers: initial weights, order of samples, validation split.',
  },
  data,
  augmentation: {
    type: 'array',
    items: { $ref: '#/$defs/augmentation' },
    default: [],
    description:
      'Distortions of the training images, anew in each epoch, in this order. Evaluations have none.',
  },
  initializer: {
    $ref: '#/$defs/initializer',
    description: 'Initializer of all layers that name none themselves.',
  },
  model: {
    type: 'array',
    minItems: 1,
    items: { $ref: '#/$defs/layer' },
    description: 'The layers, from the pixels to the logits.',
  },
  loss: {
    $ref: '#/$defs/loss',
    default: { kind: 'softmax-cross-entropy' },
    description: 'The loss that is minimised.',
  },
  classWeights,
  optimizer: { $ref: '#/$defs/optimizer', description: 'The rule that updates the weights.' },
  schedule: {
    $ref: '#/$defs/schedule',
    default: { kind: 'constant' },
    description: 'The factor on the learning rate at each step.',
  },
  batchSize: {
    anyOf: [{ type: 'integer', minimum: 1 }, { const: 'full' }],
    description: 'Samples of a step; the last step of an epoch takes the rest. `full`: all training images.',
  },
  epochs: {
    type: 'integer',
    minimum: 1,
    description: 'Length of the training in passes over the training images; or give `steps`.',
  },
  steps: {
    type: 'integer',
    minimum: 1,
    description: 'Length of the training in updates of the weights; or give `epochs`.',
  },
  evaluateEvery,
  earlyStopping,
  kernels,
  execution,
};
