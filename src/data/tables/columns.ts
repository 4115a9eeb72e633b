/** Finds columns of a table by what people call them: a name, or a position from 1. */
import type { ColumnName } from '../../experiment/data-settings.ts';
import { LockstepError, nearest } from '../../foundation/errors.ts';
import { placeOfName, type Table } from '../formats/table.ts';

/** What is needed of a table to find a column in it. */
export type Named = Pick<Table, 'file' | 'columns'>;

/**
 * The index of a column: by its name as it is written, else in any case of letters, else by its position.
 *
 * @param setting for messages: `data.target`
 * @throws LockstepError `data` if there is none of that name
 */
export function columnCalled(table: Named, name: ColumnName, setting: string): number {
  const found = findColumn(table, name);
  if (found !== undefined) return found;
  const names = table.columns.map((column) => column.name);
  const wanted = typeof name === 'number' ? `from 1 to ${names.length}` : JSON.stringify(name);
  const meant = typeof name === 'string' ? nearest(name, names) : undefined;
  throw new LockstepError('data', {
    where: table.file,
    expected: `a column ${wanted}, as ${setting} says`,
    got: listed(names),
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  });
}

/** The same; undefined if there is none. */
export function findColumn({ columns }: Named, name: ColumnName): number | undefined {
  if (typeof name === 'number') return name <= columns.length ? name - 1 : undefined;
  return placeOfName(
    columns.map((column) => column.name),
    name,
  );
}

/** Some names for a message: `"a", "b", "c" and 12 more` */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
