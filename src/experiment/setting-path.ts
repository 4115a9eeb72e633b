/**
 * Paths into an experiment, such as `model[0].units`, and overrides: settings that replace the file's.
 */
import { parse } from 'yaml';
import { checkText, shown } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { isPrototypeKey, prototypeKeyIn } from '../foundation/prototype-keys.ts';

/** A setting that replaces the file's: `--set optimizer.momentum=0.8`. */
export interface Override {
  /** Its source, for messages: `--set optimizer.momentum`. */
  origin: string;
  /** `optimizer.momentum`, `model[0].units`. */
  path: string;
  value: unknown;
}

/** One step of a path: a key of a map, or an index of a list. */
export type Key = string | number;

/** The keys of a path such as `model[0].units` or `model.0.units`. */
export function keysOf(path: string): Key[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '')
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}

export function pathOf(keys: readonly Key[]): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

export function startsWith(keys: readonly Key[], prefix: readonly Key[]): boolean {
  return prefix.length <= keys.length && prefix.every((key, i) => key === keys[i]);
}

/**
 * The keys of an override's path. Neither they nor those within its value are such as all objects share.
 *
 * @throws LockstepError `usage`
 */
export function checkedKeys({ origin, path, value }: Override): Key[] {
  const keys = keysOf(path);
  const strange = keys.find(isPrototypeKey) ?? prototypeKeyIn(value)?.at(-1);
  if (keys.length > 0 && strange === undefined) return keys;
  throw new LockstepError('usage', {
    where: origin,
    expected: 'a path into the experiment',
    got: strange === undefined ? JSON.stringify(path) : `the key ${JSON.stringify(strange)}`,
  });
}

/**
 * Checks that no key in what was read from a file is one that all objects share.
 *
 * @throws LockstepError `usage` with the place that `position` gives for the keys that lead to it
 */
export function refusePrototypeKeys(read: unknown, position: (keys: readonly Key[]) => string): void {
  const found = prototypeKeyIn(read);
  if (!found) return;
  throw new LockstepError('usage', {
    where: position(found),
    expected: 'a setting',
    got: `the key ${JSON.stringify(found.at(-1))}`,
  });
}

/** Parses `path=value` from the command line. The value is YAML: a number, a list, a map and so on. */
export function parseOverride(text: string): Override {
  checkText('override', text, 'path=value');
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new LockstepError('usage', {
      where: '--set',
      expected: 'path=value, such as optimizer.learningRate=0.1',
      got: JSON.stringify(text),
    });
  }
  const path = text.slice(0, equals);
  try {
    return { origin: `--set ${path}`, path, value: parse(text.slice(equals + 1)) };
  } catch (error) {
    throw new LockstepError('usage', `--set ${path}: not valid YAML: ${firstLine((error as Error).message)}`);
  }
}

/** Sets the value at the override's path, and makes missing maps on the way. */
export function setIn(root: Record<string, unknown>, override: Override): void {
  const keys = checkedKeys(override);
  const { origin, value } = override;
  let at: Record<Key, unknown> = root;
  for (const [depth, key] of keys.slice(0, -1).entries()) {
    let next = at[key];
    if (next === undefined && !Array.isArray(at)) next = at[key] = {};
    // A bare name stands for the map with that kind, so that its settings can be reached.
    if (typeof next === 'string') next = at[key] = { kind: next };
    if (typeof next !== 'object' || next === null) {
      throw new LockstepError('usage', {
        where: origin,
        expected: `a path into the experiment`,
        got: `${pathOf(keys.slice(0, depth + 1))}, which holds ${shown(next)}`,
      });
    }
    at = next as Record<Key, unknown>;
  }
  const last = keys.at(-1)!;
  if (Array.isArray(at) && !(typeof last === 'number' && last < at.length)) {
    throw new LockstepError('usage', {
      where: origin,
      expected: `an index from 0 to ${at.length - 1}`,
      got: String(last),
    });
  }
  at[last] = value;
}

/** A library's message without its drawing of the place in the text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
