/** What is in the way of an ES module whose name ends in `.js`. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * The package.json that makes Node take the file for CommonJS, if there is one: the nearest counts, and what
 * `npm init` writes says so. Where none says anything, Node looks into the file.
 */
export async function commonJsBy(file: string): Promise<string | undefined> {
  if (!file.endsWith('.js')) return undefined;
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    const text = await readFile(manifest, 'utf8').catch(() => undefined);
    if (text !== undefined) return typeIn(text) === 'commonjs' ? manifest : undefined;
    if (folder === dirname(folder)) return undefined;
  }
}

function typeIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type;
  } catch {
    return undefined; // Node will complain of it.
  }
}
