/**
 * The JSON Schema of an experiment file, assembled from the declarations of all kinds.
 */

import type { Family, Fields } from '../contracts/fields.ts';
import { watchedMetrics } from '../contracts/figures.ts';
import { backends } from '../model/backends.ts';
import { catalogue } from '../model/catalogue.ts';

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

/** An object with a closed set of settings. */
function settings(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Settings without a default are required. */
function requiredOf(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => !('default' in fields[name]!));
}

/** A kind with its fields. */
function kindSchema(kind: string, summary: string, fields: Fields): Schema {
  return {
    description: summary,
    ...settings({ kind: { const: kind }, ...(fields as Record<string, unknown> as Record<string, Schema>) }, [
      'kind',
      ...requiredOf(fields),
    ]),
  };
}

/** Layers with a shortcut around them. It is no kind of layer, because it holds others. */
const residualSchema: Schema = {
  description: 'A residual block: y = layers(x) + shortcut(x).',
  ...settings(
    {
      kind: { const: 'residual' },
      layers: {
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/layer' },
        description: 'What is added to the shortcut.',
      },
      shortcut: {
        type: 'array',
        items: { $ref: '#/$defs/layer' },
        default: [],
        description: 'The way around; empty for x itself, a dense layer where the shapes differ.',
      },
    },
    ['kind', 'layers'],
  ),
};

/** Any kind of a family: an object with `kind`, or if `short`, also a bare name if no setting is required. */
function familySchema(family: Family, short: boolean): Schema {
  const kinds = [...catalogue[family].values()];
  const long = {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [
      ...kinds.map(({ kind, summary, fields }) => kindSchema(kind, summary, fields)),
      ...(family === 'layer' ? [residualSchema] : []),
    ],
  };
  if (!short) return long;
  const bare = kinds.filter(({ fields }) => requiredOf(fields).length === 0).map(({ kind }) => kind);
  return bare.length > 0 ? { anyOf: [{ enum: bare }, long] } : long;
}

/**
 * The schema.
 *
 * - `short: false` for validation, after bare names have become objects;
 * - `short: true` for editors, which see the text as people write it.
 */
export function experimentSchema({ short }: { short: boolean }): Schema {
  const families = Object.keys(catalogue) as Family[];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A Lockstep experiment',
    $defs: Object.fromEntries(families.map((family) => [family, familySchema(family, short)])),
    ...settings(
      {
        name: {
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
          description: 'Names the run folder; the file name by default.',
        },
        description: { type: 'string', default: '', description: 'What the experiment shows, for people.' },
        claims: {
          description: 'Test figures that somebody published, to be printed beside what is measured.',
          ...settings(
            {
              source: { type: 'string', minLength: 1, description: 'Where they were published.' },
              accuracy: { type: 'number', minimum: 0, maximum: 1, description: 'A share: 0.96 is 96 %.' },
              precision: { type: 'number', minimum: 0, maximum: 1, description: 'Macro average.' },
              f1: { type: 'number', minimum: 0, maximum: 1, description: 'Macro average.' },
            },
            ['source'],
          ),
        },
        seed: {
          type: 'integer',
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 1,
          description: 'Names everything random: initial weights, order of samples, validation split.',
        },
        data: {
          description: 'What is learnt from.',
          default: {},
          ...settings(
            {
              source: {
                type: 'string',
                minLength: 1,
                default: 'mnist',
                description: '`mnist`, a folder of IDX files, or a CSV file; paths start at this file.',
              },
              validation: {
                type: 'integer',
                minimum: 0,
                default: 5000,
                description:
                  'Training images held out, drawn at random: the figures of each epoch come from them.',
              },
              training: {
                anyOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }],
                default: 'all',
                description: 'Training images that are used, drawn at random from those not held out.',
              },
              monitor: {
                enum: ['validation', 'test'],
                default: 'validation',
                description: 'What is evaluated after each epoch. `test` looks at the test set all the time.',
              },
            },
            [],
          ),
        },
        augmentation: {
          type: 'array',
          items: { $ref: '#/$defs/augmentation' },
          default: [],
          description:
            'What is done to each training image, anew in each epoch, in this order; never to one that is evaluated.',
        },
        initializer: {
          $ref: '#/$defs/initializer',
          description: 'How the weights of all layers start that do not say so themselves.',
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
          description: 'What is made small.',
        },
        optimizer: { $ref: '#/$defs/optimizer', description: 'How the weights follow the gradient.' },
        schedule: {
          $ref: '#/$defs/schedule',
          default: { kind: 'constant' },
          description: 'How the learning rate changes from step to step.',
        },
        batchSize: {
          anyOf: [{ type: 'integer', minimum: 1 }, { const: 'full' }],
          description:
            'Samples a step; the last step of an epoch takes what is left. `full` takes all training images, 1 a single one.',
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
        evaluateEvery: {
          description:
            'When figures are taken: every so many epochs, or every so many steps; and at the end.',
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
        },
        earlyStopping: {
          description:
            'Ends the training when a validation figure gets no better, and goes back to the weights that had the best.',
          ...settings(
            {
              metric: {
                enum: [...watchedMetrics],
                default: 'loss',
                description: 'Validation figure that is watched.',
              },
              patience: {
                type: 'integer',
                minimum: 1,
                default: 5,
                description: 'Evaluations without progress, after which the training ends.',
              },
              minDelta: {
                type: 'number',
                minimum: 0,
                default: 0,
                description: 'By how much the best figure must be beaten to count as progress.',
              },
            },
            [],
          ),
        },
        kernels: {
          enum: [...backends.keys()],
          default: 'wasm',
          description: '`wasm`: float32, fast. `reference`: float64, slow and plain.',
        },
        execution: {
          description: 'How it is executed. Nothing here changes a bit of the result.',
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
        },
      },
      ['model', 'optimizer', 'batchSize'],
    ),
  };
}

/** More threads than any machine has cores. */
export const mostThreads = 1024;
