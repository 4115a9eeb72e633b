/** The JSON Schema of an experiment file, assembled from the declarations of all kinds. */
import type { Family, Fields } from '../contracts/fields.ts';
import { type LayerKind, learningFields } from '../contracts/layer.ts';
import { catalogue, figureNames } from '../model/catalogue.ts';
import { type Schema, settings } from './schema-parts.ts';
import { topSettings } from './settings.ts';

export type { Schema } from './schema-parts.ts';

/** Settings without a default are required. */
function requiredOf(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => !('default' in fields[name]!));
}

/** A kind with its fields, and with those of all layers that learn. */
function kindSchema({ kind, summary, fields, learns }: AnyKind): Schema {
  const own = { ...fields, ...(learns ? learningFields : {}) } as Record<string, unknown>;
  return {
    // Editors offer objects by their titles.
    title: kind,
    description: summary,
    ...settings({ kind: { const: kind }, ...(own as Record<string, Schema>) }, [
      'kind',
      ...requiredOf(fields),
    ]),
  };
}

interface AnyKind extends Pick<LayerKind, 'learns'> {
  kind: string;
  summary: string;
  fields: Fields;
}

/** Layers with a shortcut around them. It is no kind of layer, because it holds others. */
const residualSchema: Schema = {
  title: 'residual',
  description: 'A residual block: y = layers(x) + shortcut(x).',
  ...settings(
    {
      kind: { const: 'residual' },
      layers: {
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/layer' },
        description: 'The layers whose output is added to the shortcut.',
      },
      shortcut: {
        type: 'array',
        items: { $ref: '#/$defs/layer' },
        default: [],
        description: 'The shortcut: empty for x itself, or a dense layer if the shapes differ.',
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
    oneOf: [...kinds.map(kindSchema), ...(family === 'layer' ? [residualSchema] : [])],
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
export function experimentSchema({ short = false }: { short?: boolean } = {}): Schema {
  const families = Object.keys(catalogue) as Family[];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A Lockstep experiment',
    $defs: {
      ...Object.fromEntries(families.map((family) => [family, familySchema(family, short)])),
      figure: { enum: figureNames() },
    },
    ...settings(topSettings, ['model', 'optimizer', 'batchSize']),
  };
}
