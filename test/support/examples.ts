import type { Field, Fields, KindConfig } from '#lockstep/contracts/fields.js';

/** Combinations that are not reached by one change at a time. */
const combinations: Readonly<Record<string, object[]>> = {
  dropout: [{ rate: 0 }, { rate: 0.2 }],
  sgd: [{ momentum: 0.9, nesterov: true, weightDecay: 0.1 }],
  adam: [{ weightDecay: 0.1, beta1: 0.5 }],
  rmsprop: [{ weightDecay: 0.1, rho: 0.5 }],
  cosine: [
    { warmup: 2.5, floor: 0.1 },
    { warmup: 1000, floor: 1 },
  ],
};

/** Windows over images depend on too many settings to be found by changing one at a time. */
const windows: Readonly<Record<string, object[]>> = {
  conv: [
    { channels: 6, kernel: [3, 2] },
    { channels: 5, kernel: [3, 2], padding: 'same', bias: false },
    { channels: 6, kernel: 3, stride: [2, 1], padding: 1, groups: 2 },
    { channels: 8, kernel: 2, dilation: [2, 1], padding: [1, 0], groups: 4 },
    { channels: 19, kernel: 1, stride: 2 },
    {
      channels: 'classes',
      kernel: [1, 3],
      stride: 3,
      padding: 'same',
      initializer: { kind: 'lecun-normal' },
    },
  ],
  'max-pool': [{ size: 2 }, { size: 3, stride: 2, padding: 1 }, { size: [2, 3], stride: 1, padding: 'same' }],
};

/**
 * Resolved configurations of a kind: its defaults, each setting changed once, and some combinations. A new
 * kind is covered without being added here.
 */
export function examples({ kind, fields }: { kind: string; fields: Fields }): KindConfig[] {
  const base = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, usual(field)]));
  const seen = windows[kind === 'average-pool' ? 'max-pool' : kind];
  if (seen) return seen.map((settings) => ({ kind, ...base, ...settings }) as KindConfig);
  const changed = Object.entries(fields).map(([name, field]) => ({ ...base, [name]: other(field) }));
  const combined = (combinations[kind] ?? []).map((settings) => ({ ...base, ...settings }));
  const all = [base, ...changed, ...combined].map((settings) => ({ kind, ...settings }) as KindConfig);
  return [...new Map(all.map((config) => [JSON.stringify(config), config])).values()];
}

type Value = KindConfig[string];

function usual(field: Field): Value {
  if ('default' in field && field.default !== undefined) return field.default as Value;
  return other(field);
}

function other(field: Field): Value {
  if ('anyOf' in field) return 19; // More than two panels.
  if ('$ref' in field) return { kind: 'normal', deviation: 0.5 };
  if ('enum' in field) return field.enum.find((choice) => choice !== field.default)!;
  if (field.type === 'boolean') return !field.default;
  const low = field.minimum ?? field.exclusiveMinimum ?? 0;
  const high = field.maximum ?? field.exclusiveMaximum ?? low + 2;
  const middle = (low + high) / 2;
  return field.type === 'integer' ? Math.ceil(middle) : middle;
}

/** A configuration with its text for the title of a test. */
export const titled = (config: KindConfig) => [JSON.stringify(config), config] as const;
