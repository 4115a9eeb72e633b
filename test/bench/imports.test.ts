// Benches and scripts are not compiled, and they import inner files of the program. If such a file moves, or
// loses a name, nothing but this test sees it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const files = ['bench', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs') && !file.includes('node_modules'))
    .map((file) => join(folder, file)),
);

/** What a file imports of the built program. */
function importsOf(file: string): { names: string[]; from: string }[] {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = text.matchAll(/\{([^{}]*)\} (?:from |= await import\()'(\.[^']*\/dist\/src\/[^']*)'/g);
  return [...imports].map(([, names, path]) => ({
    names: [...names!.matchAll(/(\w+)(?: as \w+)?/g)].map(([, name]) => name!),
    from: resolve(root, dirname(file), path!),
  }));
}

const importing = files.filter((file) => importsOf(file).length > 0);

test('the imports are found', () => {
  expect(importing).toContain(join('bench', 'slabs', 'slab-work.mjs'));
  expect(importsOf('bench/support/startup-parts.mjs').map(({ names }) => names)).toContainEqual([
    'createWasm',
  ]);
});

test.each(importing)('all that %s imports of the program is there', async (file) => {
  for (const { names, from } of importsOf(file)) {
    const exported = Object.keys(await import(from));
    for (const name of names) expect(exported, `${name} of ${from}`).toContain(name);
  }
});
