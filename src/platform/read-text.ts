/** Files in which a system tells about itself. */
import { readFileSync } from 'node:fs';

/** A file's text; undefined if it is not there, or may not be read. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
