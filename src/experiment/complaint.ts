/** Turns the validator's errors into lines, one for each mistake: where, expected, got, did you mean. */
import type { ErrorObject } from 'ajv';
import type { Family } from '../contracts/fields.ts';
import { shown } from '../foundation/check.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { limits } from '../foundation/limits.ts';
import { catalogue } from '../model/catalogue.ts';
import { adviceFor } from './familiar-names.ts';
import { familyLists, familySettings } from './families.ts';
import { type Key, pathOf } from './setting-path.ts';

/** Describes the place of a path into the experiment. `ofKey`: the place of the key, not of its value. */
export type Position = (keys: readonly Key[], ofKey: boolean) => string;

/** What a complaint reads: the settings with bare names as objects, as written, and their places. */
export interface Complained {
  root: unknown;
  written: unknown;
  position: Position;
  /** What all of it is, for messages; by default an experiment. */
  whole?: string;
  /** Advice for a setting that its map does not know, if it is a setting of an experiment. */
  advice?(name: string, known: readonly string[]): string | undefined;
}

/** One complaint for each mistake. */
export function complaints(errors: readonly ErrorObject[], about: Complained): LockstepError[] {
  // To find the telling ones among very many takes too long.
  const telling = mostTelling(errors.slice(0, 50 * limits.toldMistakes));
  const experiment = withoutUnknown(about.root, errors);
  const advice = about.advice ?? ((name, known) => adviceFor(name, known, experiment));
  const told = telling.slice(0, limits.toldMistakes);
  const faults = told.map((error) => complaint(error, { ...about, advice }));
  const more = telling.length < errors.length && errors.length > 50 * limits.toldMistakes;
  if (telling.length > told.length || more) {
    faults.push(new LockstepError('usage', `${about.position([], false)}: and more mistakes like these`));
  }
  return faults;
}

/**
 * The errors that explain the rest: at each place the unknown settings, since a misspelt setting also counts
 * as a missing one, or else the first of what else is wrong there. What is wrong within a list says more than
 * that the list is none of the things that could stand there.
 */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject[] {
  const places = [...new Set(errors.map(({ instancePath }) => instancePath))];
  return places.flatMap((place) => {
    const here = errors.filter(({ instancePath }) => instancePath === place);
    const deeper = errors.some(({ instancePath }) => instancePath.startsWith(`${place}/`));
    if (deeper && here.some(({ keyword }) => keyword === 'anyOf')) return [];
    for (const keyword of ['additionalProperties', 'discriminator', 'anyOf', 'required']) {
      const found = here.filter((error) => error.keyword === keyword);
      if (keyword === 'additionalProperties' || keyword === 'required') {
        if (found.length > 0) return found;
      } else if (found.length > 0) return found.slice(0, 1);
    }
    return here.slice(0, 1);
  });
}

/** A copy of the settings without those that are unknown, which nobody is advised to write. */
function withoutUnknown(root: unknown, errors: readonly ErrorObject[]): unknown {
  const copy = structuredClone(root);
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'additionalProperties') continue;
    const holder = valueAt(copy, keysAt(instancePath)) as Record<string, unknown>;
    delete holder[params.additionalProperty as string];
  }
  return copy;
}

/** The keys of a JSON pointer. */
function keysAt(pointer: string): Key[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function complaint(
  { keyword, instancePath, params, schema, data, parentSchema }: ErrorObject,
  { root, written, position, whole = 'the experiment', advice }: Complained,
): LockstepError {
  const keys = keysAt(instancePath);
  const settingsOf = (of: unknown) => Object.keys((of as { properties?: object })?.properties ?? {});

  switch (keyword) {
    case 'additionalProperties': {
      const name = params.additionalProperty as string;
      const known = settingsOf(parentSchema);
      const hint = advice!(name, known) ?? `known settings: ${known.join(', ')}`;
      return new LockstepError(
        'usage',
        `${position([...keys, name], true)}: unknown setting ${shown(name)}; ${hint}`,
      );
    }
    case 'required': {
      const name = params.missingProperty as string;
      const of = keys.length ? pathOf(keys) : whole;
      const { properties = {} } = parentSchema as { properties?: Record<string, { enum?: string[] }> };
      const choices = properties[name]?.enum?.join(', ');
      const hint = choices ? `; it is one of ${choices}` : '';
      return new LockstepError(
        'usage',
        `${position(keys, false)}: setting "${name}" is missing in ${of}${hint}`,
      );
    }
    case 'discriminator': {
      const family = familyOf(keys);
      const names = [...catalogue[family].keys(), ...(family === 'layer' ? ['residual'] : [])];
      const bare = typeof valueAt(written, keys) === 'string';
      const got = params.tagValue as unknown;
      const meant = typeof got === 'string' ? nearest(got, names) : undefined;
      const hint = meant ? `did you mean "${meant}"?` : `known: ${names.join(', ')}`;
      const where = position(bare || got === undefined ? keys : [...keys, 'kind'], false);
      return new LockstepError(
        'usage',
        got === undefined
          ? `${where}: expected a ${family} with a kind, got ${shown(data)}; ${hint}`
          : `${where}: unknown ${family} "${String(got)}"; ${hint}`,
      );
    }
    default:
      return new LockstepError('usage', {
        where: position(keys, false),
        expected: expectation(keyword, schema, parentSchema),
        got: shown(valueAt(root, keys)),
      });
  }
}

/** The demand of a schema's keyword, in words. */
function expectation(keyword: string, schema: unknown, parent: unknown): string {
  const {
    type,
    minimum,
    maximum,
    exclusiveMinimum,
    exclusiveMaximum,
    enum: choices,
    minItems,
    maxItems,
  } = (parent ?? {}) as Record<string, unknown>;
  if (Array.isArray(choices)) return `one of ${choices.join(', ')}`;
  if (keyword === 'const') return JSON.stringify(schema);
  if (keyword === 'anyOf') {
    const words = (one: Record<string, unknown>) => (one.enum ?? [one.const]) as unknown[];
    const each = (one: Record<string, unknown>) =>
      'enum' in one || 'const' in one
        ? words(one).map((word) => `"${String(word)}"`)
        : expectation('type', undefined, one);
    return (schema as Record<string, unknown>[]).flatMap(each).join(' or ');
  }
  if (keyword === 'pattern') return 'letters, digits, dots, dashes and underscores, a letter or digit first';
  if (keyword === 'minItems' && minItems === 1) return 'at least one layer';
  if (keyword === 'minProperties' || keyword === 'maxProperties') return 'either epochs or steps';
  if (keyword === 'minLength') return 'some text';
  // Two numbers, for lines and for columns.
  if (minItems === 2 && maxItems === 2) return 'a list [vertical, horizontal]';
  const names: Record<string, string> = {
    integer: 'an integer',
    number: 'a number',
    boolean: 'true or false',
    string: 'text',
    array: 'a list',
    object: 'a map',
  };
  const bounds = [
    minimum !== undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && `at most ${maximum}`,
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
  ].filter((bound) => bound !== false);
  return [names[type as string] ?? String(type), bounds.join(' and ')].filter((part) => part).join(' ');
}

function familyOf(keys: readonly Key[]): Family {
  const last = keys.at(-1)!;
  return typeof last === 'number' ? familyLists[keys.at(-2)!]! : familySettings[last]!;
}

function valueAt(root: unknown, keys: readonly Key[]): unknown {
  return keys.reduce((value, key) => (value as Record<Key, unknown>)?.[key], root);
}
