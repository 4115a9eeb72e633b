import { readFileSync } from 'node:fs';

/** Golden numbers from test/vectors; the program that made them has the same name and lies beside them. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}
