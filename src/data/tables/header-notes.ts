/** What differs between the columns of a training file and of its test file, for people. */
import { basename } from '../../platform/paths.ts';
import { nameKey } from '../formats/table.ts';
import { listed, type Named } from './columns.ts';

/** Columns are matched by their names, or without names by their places. */
export function headerNotes(train: Named & { header: boolean }, test: Named & { header: boolean }): string[] {
  const [file, other] = [basename(test.file), basename(train.file)];
  if (train.header !== test.header) {
    const [named, unnamed] = train.header ? [other, file] : [file, other];
    return [`${named} has names in its first line and ${unnamed} has none: columns are taken in their order`];
  }
  if (!train.header) return [];
  const names = new Map(train.columns.map(({ name }) => [nameKey(name), name]));
  const others = new Map(test.columns.map(({ name }) => [nameKey(name), name]));
  const more = [...others].flatMap(([key, name]) => (names.has(key) ? [] : [name]));
  const fewer = [...names].flatMap(([key, name]) => (others.has(key) ? [] : [name]));
  const common = [...names.keys()].filter((key) => others.has(key));
  const inOrder = [...others.keys()].filter((key) => names.has(key)).every((key, i) => key === common[i]);
  return [
    ...(more.length > 0 ? [`${file} has columns that ${other} has not: ${listed(more)}, not read`] : []),
    ...(fewer.length > 0 ? [`${file} has no column ${listed(fewer)}, as ${other} has`] : []),
    ...(inOrder ? [] : [`${file} has its columns in another order than ${other}: matched by name`]),
  ];
}

/** A file beside the training file that cannot judge. */
export function unlabelledText(file: string, names: string): string {
  return `${basename(file)} has no column ${names}: it is not the test set, but for \`train predict\``;
}
