/** All formats of tables. */
import { delimited } from './delimited.ts';
import type { TableFormat } from './table/types.ts';

/** The first that owns a file reads it. */
const formats: readonly TableFormat[] = [];

/** The format of a file that begins like this: text with delimiters, if it is no other. */
export function tableFormatOf(start: Uint8Array, file: string): TableFormat {
  return formats.find((format) => format.owns(start, file)) ?? delimited;
}
