/**
 * Reads an experiment. YAML text and overrides go in, and a resolved experiment comes out, or one line that
 * says what is wrong: `file:line:column path: expected, got, did you mean`.
 */
import type { ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Family } from '../contracts/fields.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import type { Locate } from '../model/network.ts';
import type { Experiment } from './experiment.ts';
import { experimentSchema } from './schema.ts';
import {
  firstLine,
  type Key,
  keysOf,
  type Override,
  pathOf,
  setIn,
  shown,
  startsWith,
} from './setting-path.ts';
import { validate } from './validate-experiment.js';

export interface ReadExperiment {
  experiment: Experiment;
  /** Describes the place of a path into the experiment, for people. */
  locate: Locate;
}

export interface ReadOptions {
  /** The file's name, for messages. */
  file: string;
  /** The experiment's name if the text has none. */
  name: string;
  overrides?: readonly Override[];
  /** Keys at the top of the file that are not the experiment's; the caller reads them. */
  apart?: readonly string[];
}

export function readExperiment(
  text: string,
  { file, name, overrides = [], apart = [] }: ReadOptions,
): ReadExperiment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new LockstepError('usage', `${file}:${line}:${col}: not valid YAML: ${firstLine(fault.message)}`);
  }
  if (!isMap(document.contents)) {
    throw new LockstepError('usage', {
      where: `${file}:1:1`,
      expected: 'an experiment: a map with model, optimizer, batchSize, and epochs or steps',
      got: document.contents === null ? 'an empty file' : 'something else',
    });
  }

  const position = (keys: readonly Key[], ofKey: boolean): string => {
    const override = overrides.find(
      ({ path }) => startsWith(keys, keysOf(path)) || (ofKey && startsWith(keysOf(path), keys)),
    );
    if (override) return override.origin;
    const { line, col } = lines.linePos(offsetOf(document, keys, ofKey));
    return `${file}:${line}:${col} ${pathOf(keys)}`.trimEnd();
  };

  const original = plain(document, file);
  for (const key of apart) delete original[key];
  for (const override of overrides) {
    // A length on the command line replaces a length of the other kind in the file.
    if (override.path === 'epochs') delete original.steps;
    if (override.path === 'steps') delete original.epochs;
    setIn(original, override);
  }
  const value = expandNames(original);
  shareInitializer(value);
  if (!('name' in value)) value.name = name;
  if (!validate(value)) throw complaint(mostTelling(validate.errors!), value, original, position);

  delete value.initializer;
  if ('epochs' in value === 'steps' in value) {
    const both = 'epochs' in value;
    throw new LockstepError('usage', {
      where: position([both ? 'steps' : ''].filter(Boolean), true),
      expected: 'either epochs or steps, the length of the training',
      got: both ? 'both' : 'neither',
      hint: both ? 'remove one' : 'write `epochs: 10`',
    });
  }

  const experiment = inSchemaOrder(value) as unknown as Experiment;
  return { experiment, locate: (path) => position(keysOf(path), false) };
}

/** The document as objects and lists. Aliases of aliases that would fill the memory are an error of the file. */
function plain(document: Document, file: string): Record<string, unknown> {
  try {
    return document.toJS() as Record<string, unknown>;
  } catch (error) {
    throw new LockstepError('usage', `${file}: not valid YAML: ${firstLine((error as Error).message)}`);
  }
}

/** The error that explains the most: a misspelt setting also counts as a missing one. */
export function mostTelling(errors: readonly ErrorObject[]): ErrorObject {
  for (const keyword of ['additionalProperties', 'discriminator', 'anyOf']) {
    const found = errors.find((error) => error.keyword === keyword);
    if (found) return found;
  }
  return errors[0]!;
}

/** Settings that name a member of a family, wherever they are. */
const familySettings: Readonly<Record<string, Family>> = {
  loss: 'loss',
  optimizer: 'optimizer',
  schedule: 'schedule',
  initializer: 'initializer',
};

/** Settings that hold a list of such members. */
const familyLists: Readonly<Record<string, Family>> = {
  model: 'layer',
  layers: 'layer',
  shortcut: 'layer',
  augmentation: 'augmentation',
};

/** Turns bare names into objects: `relu` becomes `{ kind: relu }`. */
function expandNames(root: Record<string, unknown>): Record<string, unknown> {
  const expand = (value: unknown): unknown => (typeof value === 'string' ? { kind: value } : value);
  const walk = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(walk);
    const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
      if (key in familySettings) return [key, walk(expand(inner))];
      if (key in familyLists && Array.isArray(inner)) return [key, inner.map((item) => walk(expand(item)))];
      return [key, walk(inner)];
    });
    return Object.fromEntries(entries);
  };
  return walk(root) as Record<string, unknown>;
}

/** Gives the experiment's initializer to every layer that has this setting and leaves it open. */
function shareInitializer({ initializer, model }: Record<string, unknown>): void {
  if (initializer === undefined) return;
  const visit = (layers: unknown) => {
    if (!Array.isArray(layers)) return;
    for (const layer of layers) {
      if (typeof layer !== 'object' || layer === null) continue;
      const { fields } = catalogue.layer.get(layer.kind) ?? {};
      if (fields && 'initializer' in fields && !('initializer' in layer)) layer.initializer = initializer;
      visit(layer.layers);
      visit(layer.shortcut);
    }
  };
  visit(model);
}

/** Puts the keys into the schema's order, for the canonical text. Validation keeps the order of the file. */
function inSchemaOrder(value: unknown): unknown {
  const schema = experimentSchema({ short: false }) as {
    properties: Record<string, { properties?: object }>;
  };
  const order = (source: Record<string, unknown>, names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]]));
  const kinds = (value: unknown, family: Family): unknown => {
    const source = value as Record<string, unknown>;
    if (source.kind === 'residual') {
      const { kind, layers, shortcut } = source as Record<string, unknown[]>;
      const list = (of: unknown[]) => of.map((layer) => kinds(layer, 'layer'));
      return { kind, layers: list(layers!), shortcut: list(shortcut!) };
    }
    const { fields } = catalogue[family].get(source.kind as string)!;
    const ordered = order(source, ['kind', ...Object.keys(fields)]);
    for (const [name, field] of Object.entries(fields)) {
      if ('$ref' in field)
        ordered[name] = kinds(ordered[name], field.$ref.slice('#/$defs/'.length) as Family);
    }
    return ordered;
  };
  const top = order(value as Record<string, unknown>, Object.keys(schema.properties));
  for (const [name, inner] of Object.entries(top)) {
    const properties = schema.properties[name]!.properties;
    if (name in familySettings) top[name] = kinds(inner, familySettings[name]!);
    else if (name in familyLists)
      top[name] = (inner as unknown[]).map((item) => kinds(item, familyLists[name]!));
    else if (properties) top[name] = order(inner as Record<string, unknown>, Object.keys(properties));
  }
  return top;
}

/** Turns the validator's errors into one line. */
export function complaint(
  { keyword, instancePath, params, schema, data, parentSchema }: ErrorObject,
  root: unknown,
  written: unknown,
  position: (keys: readonly Key[], ofKey: boolean) => string,
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

/** The offset in the text of a path, or of as much of the path as the file has. */
export function offsetOf(document: Document, keys: readonly Key[], ofKey: boolean): number {
  for (let length = keys.length; length > 0; length--) {
    const parent = document.getIn(keys.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(keys[length - 1]),
      );
      const node = ofKey && length === keys.length ? pair?.key : (pair?.value ?? pair?.key);
      if (isNode(node) && node.range) return node.range[0];
    } else {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
