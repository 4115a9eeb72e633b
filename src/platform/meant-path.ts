/** What may have been meant by a path at which nothing lies: what has nearly its name. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { nearest } from '../foundation/errors.ts';

export interface MeantOptions {
  /** Whether what lies at a path can have been meant at all. */
  accept?: (path: string) => boolean;
  /** Words that are no paths, and could have been meant as well. */
  words?: readonly string[];
}

/** The path or word that is nearest to a path, or undefined if none is near enough to be meant. */
export function meantPath(
  path: string,
  { accept = () => true, words = [] }: MeantOptions = {},
): string | undefined {
  const folder = folderMeant(dirname(path));
  const name = basename(path);
  if (folder === undefined) return nearest(name, words);
  const names = namesIn(folder).filter((one) => accept(join(folder, one)));
  const meant = names.find((one) => one === name) ?? nearest(name, names) ?? withEnding(name, names);
  return meant === undefined ? nearest(name, words) : fromHere(join(folder, meant));
}

/** The hint of a complaint about a path at which nothing lies; empty if nothing has nearly its name. */
export function didYouMean(path: string, options: MeantOptions = {}): { hint?: string } {
  const meant = meantPath(path, options);
  return meant === undefined ? {} : { hint: `did you mean ${meant}?` };
}

/** The folder itself, or the one that is nearest. */
function folderMeant(path: string): string | undefined {
  if (existsSync(path)) return path;
  return dirname(path) === path ? undefined : meantPath(path);
}

/** What a folder shows, in an order that is the same everywhere. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}

/** `iris.csv` of `iris`. */
function withEnding(name: string, names: readonly string[]): string | undefined {
  return names.find((one) => one.startsWith(`${name}.`));
}

/** A path as somebody would write it who is here: some paths have become absolute on their way. */
function fromHere(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
