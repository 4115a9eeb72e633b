/**
 * Every kind of layer, optimizer, ... declares its settings in JSON Schema, one entry a setting.
 *
 * The experiment's schema is assembled from these declarations, so validation, completion in editors and
 * the TypeScript type of a configuration cannot disagree.
 */

interface Described {
  readonly description: string;
}

export type Field =
  | (Described & {
      readonly type: 'integer' | 'number';
      readonly default?: number;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly exclusiveMinimum?: number;
      readonly exclusiveMaximum?: number;
    })
  | (Described & { readonly type: 'boolean'; readonly default?: boolean })
  | (Described & { readonly enum: readonly string[]; readonly default?: string })
  /** A number of units, or a word for it. */
  | (Described & { readonly anyOf: readonly [IntegerField, AsDataField] })
  /** A number for lines and columns, one for each, or a word. */
  | (Described & { readonly anyOf: readonly PairField[]; readonly default?: number | string })
  /** The name of a figure of some task. */
  | (Described & { readonly $ref: '#/$defs/figure'; readonly default?: string })
  /** A member of another family: `{ kind: he-normal }`, or short `he-normal`. */
  | (Described & { readonly $ref: `#/$defs/${Family}`; readonly default?: { readonly kind: string } });

type IntegerField = { readonly type: 'integer'; readonly minimum: number; readonly maximum: number };
type PairField =
  | IntegerField
  | {
      readonly type: 'array';
      readonly items: IntegerField;
      readonly minItems: 2;
      readonly maxItems: 2;
    }
  | { readonly enum: readonly string[] };
type AsDataField = { readonly enum: readonly ['classes', 'targets'] };

export type Family = 'layer' | 'loss' | 'optimizer' | 'schedule' | 'initializer' | 'augmentation';

export type Fields = Readonly<Record<string, Field>>;

/** A member of some family in a resolved experiment. */
export interface KindConfig {
  readonly kind: string;
  readonly [setting: string]: string | number | boolean | readonly [number, number] | KindConfig;
}

/** The type of a resolved configuration with these fields. */
export type Config<F extends Fields> = { readonly kind: string } & {
  readonly [K in keyof F]: ValueOf<F[K]>;
};

type ValueOf<F> = F extends { type: 'integer' | 'number' }
  ? number
  : F extends { type: 'boolean' }
    ? boolean
    : F extends { enum: readonly (infer E)[] }
      ? E
      : F extends { anyOf: readonly (infer Choice)[] }
        ? ValueOf<Choice>
        : F extends { type: 'array' }
          ? readonly [number, number]
          : F extends { $ref: '#/$defs/figure' }
            ? string
            : F extends { $ref: string }
              ? KindConfig
              : never;

/** The largest width a layer may have. Its weights must also fit the memory of the kernels. */
const widest = 1_048_576;

/** A number of units; `classes` and `targets` stand for as many as the data asks for. */
export const units = {
  anyOf: [{ type: 'integer', minimum: 1, maximum: widest }, { enum: ['classes', 'targets'] }],
  description:
    'Number of outputs; `classes` means the number of classes in the data, and `targets` as many as there ' +
    'is to predict: classes, values or flags.',
} as const;
