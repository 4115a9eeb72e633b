/** Rows of JSON as objects: where the columns of the network are among their keys. */
import { placeOfName } from '../data/formats/table.ts';
import type { Signature } from '../data/split.ts';
import { listed } from '../data/tables/columns.ts';
import { targetNames } from '../data/target-names.ts';
import { nearest } from '../foundation/errors.ts';
import { isPrototypeKey } from '../foundation/prototype-keys.ts';
import { Refusal } from '../http/refusal.ts';

export interface RowPlaces {
  /** The cells of a row in the order of the columns. */
  cells(row: unknown, where: string): readonly unknown[];
  /** What of the rows is not used. */
  notes(signature: Pick<Signature, 'targets'>): string[];
}

/** @param columns the names that the network reads */
export function placesIn(columns: readonly string[]): RowPlaces {
  const others = new Set<string>();
  /** Rows mostly have the same keys as the row before. */
  let last: { keys: readonly string[]; found: readonly string[] } | undefined;

  function find(keys: readonly string[], where: string): readonly string[] {
    const strange = keys.find(isPrototypeKey);
    if (strange !== undefined) {
      throw new Refusal(422, { where, expected: 'names of columns', got: JSON.stringify(strange) });
    }
    const places = columns.map((name) => placeOfName(keys, name));
    const lacking = columns.filter((_, c) => places[c] === undefined);
    if (lacking.length > 0) throw withoutColumns(lacking, keys, where);
    for (const [at, key] of keys.entries()) if (!places.includes(at)) others.add(key);
    return places.map((at) => keys[at!]!);
  }

  return {
    cells(row, where) {
      if (typeof row !== 'object' || row === null) {
        const got = JSON.stringify(row).slice(0, 40);
        throw new Refusal(422, { where, expected: 'an array of cells, or an object of them by name', got });
      }
      const keys = Object.keys(row);
      if (keys.length !== last?.keys.length || !keys.every((key, i) => key === last!.keys[i])) {
        last = { keys, found: find(keys, where) };
      }
      return last.found.map((key) => (row as Record<string, unknown>)[key]);
    },
    notes(signature) {
      const asked = targetNames(signature);
      const unused = [...others].filter((name) => placeOfName(asked, name) === undefined);
      return unused.length > 0 ? [`not used: ${listed(unused)}`] : [];
    },
  };
}

function withoutColumns(lacking: readonly string[], keys: readonly string[], where: string): Refusal {
  const meant = nearest(lacking[0]!, keys);
  const what = lacking.length === 1 ? 'the column' : 'the columns';
  return new Refusal(422, {
    where,
    expected: `${what} ${listed(lacking)}, which the network reads`,
    got: keys.length === 0 ? 'an empty object' : listed(keys.map((key) => key.slice(0, 40))),
    hint: meant === undefined ? 'a cell without a value is null' : `is "${meant}" meant?`,
  });
}
