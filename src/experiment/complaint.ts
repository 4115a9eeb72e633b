/** Turns the validator's errors into one line: where, expected, got, did you mean. */
import type { ErrorObject } from 'ajv';
import type { Family } from '../contracts/fields.ts';
import { shown } from '../foundation/check.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import { familyLists, familySettings } from './families.ts';
import { type Key, pathOf } from './setting-path.ts';

/** Describes the place of a path into the experiment. `ofKey`: the place of the key, not of its value. */
export type Position = (keys: readonly Key[], ofKey: boolean) => string;

/** The error that explains the most: a misspelt setting also counts as a missing one. */
export function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  for (const keyword of ['additionalProperties', 'discriminator', 'anyOf']) {
    const found = errors.find((error) => error.keyword === keyword);
    if (found) return found;
  }
  return errors[0]!;
}

/** Turns the validator's errors into one line. */
export function complaint(
  { keyword, instancePath, params, schema, data, parentSchema }: ErrorObject,
  root: unknown,
  written: unknown,
  position: Position,
): LockstepError {
  const keys = instancePath
    .split('/')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
  const settingsOf = (of: unknown) => Object.keys((of as { properties?: object })?.properties ?? {});

  switch (keyword) {
    case 'additionalProperties': {
      const name = params.additionalProperty as string;
      const known = settingsOf(parentSchema);
      const meant = nearest(name, known);
      const advice = meant ? `did you mean "${meant}"?` : `known settings: ${known.join(', ')}`;
      return new LockstepError(
        'usage',
        `${position([...keys, name], true)}: unknown setting "${name}"; ${advice}`,
      );
    }
    case 'required': {
      const name = params.missingProperty as string;
      const of = keys.length ? pathOf(keys) : 'the experiment';
      return new LockstepError('usage', `${position(keys, false)}: setting "${name}" is missing in ${of}`);
    }
    case 'discriminator': {
      const family = familyOf(keys);
      const names = [...catalogue[family].keys(), ...(family === 'layer' ? ['residual'] : [])];
      const bare = typeof valueAt(written, keys) === 'string';
      const got = params.tagValue as unknown;
      const meant = typeof got === 'string' ? nearest(got, names) : undefined;
      const advice = meant ? `did you mean "${meant}"?` : `known: ${names.join(', ')}`;
      const where = position(bare || got === undefined ? keys : [...keys, 'kind'], false);
      return new LockstepError(
        'usage',
        got === undefined
          ? `${where}: expected a ${family} with a kind, got ${shown(data)}; ${advice}`
          : `${where}: unknown ${family} "${String(got)}"; ${advice}`,
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
  } = (parent ?? {}) as Record<string, unknown>;
  if (Array.isArray(choices)) return `one of ${choices.join(', ')}`;
  if (keyword === 'anyOf') {
    const [first, second] = schema as Record<string, unknown>[];
    return `${expectation('type', undefined, first)} or "${String(second!.const)}"`;
  }
  if (keyword === 'pattern') return 'letters, digits, dots, dashes and underscores, a letter or digit first';
  if (keyword === 'minItems') return 'at least one layer';
  if (keyword === 'minProperties' || keyword === 'maxProperties') return 'either epochs or steps';
  if (keyword === 'minLength') return 'some text';
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
