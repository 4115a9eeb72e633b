/**
 * Replaces settings of an experiment as it is written. Two things take more than putting a value in a place:
 * a training has one length, and a member of a family that becomes another kind keeps no settings that the
 * new kind does not have.
 */
import type { Family, Fields } from '../contracts/fields.ts';
import { LockstepError } from '../foundation/errors.ts';
import { catalogue } from '../model/catalogue.ts';
import { listed } from './familiar-names.ts';
import { familyLists, familySettings } from './families.ts';
import { checkedKeys, type Key, keysOf, type Override, setIn, startsWith } from './setting-path.ts';
import { topSettings } from './settings.ts';

export interface Applied {
  /** Overrides that could not be applied. */
  faults: LockstepError[];
  /** What an override has changed besides its own setting, for people. */
  notes: string[];
}

/** Applies the overrides; a whole map comes before its parts, and a kind before its settings. */
export function applyOverrides(root: Record<string, unknown>, overrides: readonly Override[]): Applied {
  const applied: Applied = { faults: [], notes: [] };
  for (const override of inOrder(overrides)) {
    try {
      const note = applyOne(root, override, overrides);
      if (note !== undefined) applied.notes.push(`${override.origin}: ${note}`);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      applied.faults.push(error);
    }
  }
  return applied;
}

function inOrder(overrides: readonly Override[]): Override[] {
  const rank = ({ path }: Override) => {
    const keys = keysOf(path);
    return 2 * keys.length + (keys.at(-1) === 'kind' ? 0 : 1);
  };
  return [...overrides].sort((a, b) => rank(a) - rank(b));
}

/** Applies one of them. Returns what else it has changed. */
function applyOne(
  root: Record<string, unknown>,
  override: Override,
  all: readonly Override[],
): string | undefined {
  const keys = checkedKeys(override);
  // A length on the command line replaces a length of the other kind in the file.
  if (override.path === 'epochs') delete root.steps;
  if (override.path === 'steps') delete root.epochs;
  fillDefault(root, keys);
  const ofKind = keys.at(-1) === 'kind';
  const place = ofKind ? keys.slice(0, -1) : keys;
  const member = memberAt(root, place);
  if (!member) {
    setIn(root, override);
    return undefined;
  }
  const given = (setting: string) =>
    all.some(({ path }) => startsWith(keysOf(path), [...place, setting]) && path !== override.path);
  if (ofKind) return changeKind(root, member, override, given);
  setIn(root, override);
  return replacedRate(member, memberAt(root, place), given);
}

/** Writes out a member that the file leaves to the default, so that its settings can be reached. */
function fillDefault(root: Record<string, unknown>, [top, ...rest]: readonly Key[]): void {
  if (top === undefined || rest.length === 0 || !(top in familySettings) || root[top] !== undefined) return;
  const { default: usual } = topSettings[top] as { default?: object };
  if (usual) root[top] = { ...usual };
}

/** A member of a family as it is written. */
interface Member {
  family: Family;
  keys: readonly Key[];
  kind: string;
  settings: Readonly<Record<string, unknown>>;
  /** Undefined if there is no such kind, which the schema tells later. */
  fields: Fields | undefined;
}

function memberAt(root: unknown, keys: readonly Key[]): Member | undefined {
  const last = keys.at(-1);
  const family = typeof last === 'number' ? familyLists[keys.at(-2)!] : familySettings[last ?? ''];
  const value = keys.reduce((of, key) => (of as Record<Key, unknown> | null | undefined)?.[key], root);
  if (family === undefined) return undefined;
  const written = typeof value === 'string' ? { kind: value } : value;
  if (typeof written !== 'object' || written === null) return undefined;
  const { kind, ...settings } = written as Record<string, unknown>;
  if (typeof kind !== 'string') return undefined;
  return { family, keys, kind, settings, fields: catalogue[family].get(kind)?.fields };
}

/**
 * Gives a member another kind. A setting goes over if both kinds declare it alike; a setting of another
 * default, such as a learning rate, means something else.
 */
function changeKind(
  root: Record<string, unknown>,
  before: Member,
  override: Override,
  given: (setting: string) => boolean,
): string | undefined {
  const fields = catalogue[before.family].get(String(override.value))?.fields;
  if (!fields || !before.fields || override.value === before.kind) {
    setIn(root, override);
    return undefined;
  }
  const goesOver = (setting: string) =>
    !(setting in before.fields!) || alike(setting, before.fields!, fields);
  const entries = Object.entries(before.settings);
  const kept = Object.fromEntries(entries.filter(([setting]) => goesOver(setting)));
  setIn(root, { ...override, path: pathWithoutKind(override), value: { kind: override.value, ...kept } });

  const dropped = entries.filter(([setting]) => !goesOver(setting) && !given(setting));
  if (dropped.length === 0) return undefined;
  const names = dropped.map(([setting, value]) => `${setting} ${shortly(value)}`);
  const rate = usualRate(fields);
  const own =
    rate === undefined || given('learningRate')
      ? ''
      : `; ${String(override.value)} has its own learningRate, ${rate}`;
  const verb = dropped.length === 1 ? 'is' : 'are';
  return `${listed(names, 'and')} of ${before.kind} ${verb} dropped${own}`;
}

function pathWithoutKind({ path }: Override): string {
  return path.replace(/\.?kind$/, '');
}

function alike(setting: string, before: Fields, after: Fields): boolean {
  const text = ({ [setting]: field }: Fields) => {
    const { default: usual } = (field ?? {}) as { default?: unknown };
    return JSON.stringify(usual) ?? 'none';
  };
  return setting in after && text(before) === text(after);
}

/** Tells of a learning rate in the file that no longer holds, because the optimizer was replaced. */
function replacedRate(
  before: Member,
  after: Member | undefined,
  given: (setting: string) => boolean,
): string | undefined {
  const rate = after?.fields && usualRate(after.fields);
  if (rate === undefined || 'learningRate' in after!.settings || given('learningRate')) return undefined;
  const { learningRate: former } = before.settings;
  if (former === undefined || former === rate) return undefined;
  const gone = `the ${shortly(former)} of ${before.kind} is dropped`;
  return `${after!.kind} has its own learningRate, ${rate}; ${gone}`;
}

function usualRate(fields: Fields): number | undefined {
  return (fields.learningRate as { default?: number } | undefined)?.default;
}

function shortly(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
