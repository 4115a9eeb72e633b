/** Turns settings as people write them into a resolved experiment, in which every setting has its value. */
import type { Family } from '../contracts/fields.ts';
import { learningFields } from '../contracts/layer.ts';
import { LockstepError, together } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import { complaints, type Position } from './complaint.ts';
import type { Experiment } from './experiment.ts';
import { familyLists, familySettings } from './families.ts';
import { type ModuleRecord, missingModule, modulesOf, registeredModules } from './modules.ts';
import { experimentSchema } from './schema.ts';
import { validator } from './validator.ts';

/**
 * Checks the settings, and fills in defaults.
 *
 * @param name the experiment's, if the settings have none
 * @throws LockstepError `usage` with the place that `position` gives
 */
export function resolveExperiment(
  original: Record<string, unknown>,
  name: string,
  position: Position,
): Experiment {
  refuseMissing(original.registered, position);
  const value = expandNames(original);
  shareInitializer(value);
  if (!('name' in value)) value.name = name;
  const validate = validator();
  if (!validate(value)) {
    throw together(complaints(validate.errors!, { root: value, written: original, position }));
  }

  delete value.initializer;
  const modules = modulesOf(value);
  if (modules.length > 0) value.registered = modules;
  if ('epochs' in value === 'steps' in value) {
    const both = 'epochs' in value;
    throw new LockstepError('usage', {
      where: position([both ? 'steps' : ''].filter(Boolean), true),
      expected: 'either epochs or steps, the length of the training',
      got: both ? 'both' : 'neither',
      hint: both ? 'remove one' : 'write `epochs: 10`',
    });
  }
  return inSchemaOrder(value) as Experiment;
}

/** A run's experiment says which modules its program had registered. */
function refuseMissing(records: unknown, position: Position): void {
  if (!Array.isArray(records)) return;
  const missing = missingModule(records.filter((record) => typeof record === 'object' && record !== null));
  if (!missing) return;
  const { name, sha256 } = missing as ModuleRecord;
  const other = registeredModules().find((module) => module.name === name);
  throw new LockstepError('usage', {
    where: position(['registered'], false),
    expected: `${name} of sha256 ${sha256} to be registered`,
    got: other ? `another ${name}, of sha256 ${other.sha256}` : 'none',
    hint: 'call register() with it first, as the program did that trained',
  });
}

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
    const common = family === 'layer' ? Object.keys(learningFields) : [];
    const ordered = order(source, ['kind', ...Object.keys(fields), ...common]);
    for (const [name, field] of Object.entries(fields)) {
      if ('$ref' in field && field.$ref !== '#/$defs/figure')
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
