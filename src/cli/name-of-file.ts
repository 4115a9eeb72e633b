/** The name of an experiment or a sweep that its file does not say: that of the file. */
import { basename, extname } from 'node:path';

/** A name that folders can have too: `my tiny.yaml` is `my-tiny`. */
export function nameOfFile(path: string): string {
  return asName(basename(path, extname(path))) || 'experiment';
}

/** Letters, digits, dots, dashes and underscores, a letter or digit first; empty if nothing of it is left. */
export function asName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 100);
}
