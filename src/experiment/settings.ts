/** The settings at the top of an experiment, but for what the families declare themselves. */
import type { FigureText } from '../contracts/figures.ts';
import { backends } from '../model/backends.ts';
import { taskFigures } from '../model/catalogue.ts';
import { dataSchema } from './data-schema.ts';
import { type Schema, settings } from './schema-parts.ts';

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

const evaluateEvery: Schema = {
  description: 'When figures are taken: after this many epochs or steps each time, and at the end.',
  default: { epochs: 1 },
  minProperties: 1,
  maxProperties: 1,
  ...settings(
    {
      epochs: { type: 'integer', minimum: 1, description: 'Passes over the training samples.' },
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
      checkpoint: {
        description:
          'How often checkpoints/last.safetensors is written, from which `train resume` goes on: after so ' +
          'many minutes or epochs each time, and at the end.',
        default: { minutes: 1 },
        minProperties: 1,
        maxProperties: 1,
        ...settings(
          {
            minutes: {
              type: 'number',
              minimum: 0.001,
              maximum: 10_000,
              description: 'Minutes of wall time.',
            },
            epochs: { type: 'integer', minimum: 1, description: 'Passes over the training samples.' },
          },
          [],
        ),
      },
    },
    [],
  ),
};

const classWeights: Schema = {
  anyOf: [{ const: 'balanced' }, { type: 'array', minItems: 1, items: { type: 'number', minimum: 0 } }],
  description:
    'What the loss of a sample is multiplied by, by its class: ' +
    'a list, or `balanced`, in inverse proportion ' +
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
  data: dataSchema,
  augmentation: {
    type: 'array',
    items: { $ref: '#/$defs/augmentation' },
    default: [],
    description:
      'Distortions of the training images, anew in each epoch, in this order. Evaluations have none.',
  },
  noAugmentationEpochs: {
    type: 'integer',
    minimum: 1,
    description:
      'Epochs at the end of the training in which its images are not distorted, so that the network ends on ' +
      'such images as it will see.',
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
    description: 'Samples of a step; the last step of an epoch takes the rest. `full`: all training samples.',
  },
  pretrained: {
    description:
      'Written by `train EXPERIMENT --from RUN`: ' +
      'the weights that the training begins with. They lie in the ' +
      'folder as checkpoints/begin.safetensors.',
    ...settings(
      {
        from: { type: 'string', minLength: 1, description: 'The run or file that they are from.' },
        stateSha256: {
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
          description: 'Digest of the weights and the state that are taken.',
        },
      },
      ['from', 'stateSha256'],
    ),
  },
  registered: {
    type: 'array',
    minItems: 1,
    items: settings({ name: { type: 'string' }, sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }, [
      'name',
      'sha256',
    ]),
    description:
      'Written by the library: the modules that were registered, with kinds and figures of their own.',
  },
  continues: {
    description:
      'Written by `train resume RUN --epochs N --out NEW`: ' +
      'the end of the shorter training that this one goes ' +
      'on from. Its checkpoint lies in the folder as checkpoints/begin.safetensors.',
    ...settings(
      {
        epochs: { type: 'number', exclusiveMinimum: 0, description: 'Epochs that were done.' },
        stateSha256: {
          type: 'string',
          pattern: '^[0-9a-f]{64}$',
          description: 'Digest of weights and state.',
        },
      },
      ['epochs', 'stateSha256'],
    ),
  },
  epochs: {
    type: 'integer',
    minimum: 1,
    description: 'Length of the training in passes over the training samples; or give `steps`.',
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
