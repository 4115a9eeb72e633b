// Only src/platform/ knows Node.js, in the rooms that a browser can have too. The rooms above them keep
// folders, tables and processes, which a browser has not.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { describe, expect, test } from 'vitest';

const above = ['run', 'sweep', 'report', 'export', 'http', 'live', 'serve', 'cli', 'index.ts', 'playground'];
const src = new URL('../../src/', import.meta.url);

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.includes('/assembly/'))
  .filter((file) => !above.includes(file.split('/')[0]!));

/** Packages that run in any browser. */
const everywhere = ['ajv', 'fast-png', 'leven', 'papaparse', 'seedrandom', 'yaml'];

/** A file without its comments. */
function codeOf(file: string): string {
  return readFileSync(new URL(file, src), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}

/** Everything that a file imports, types included. */
function importsOf(file: string): string[] {
  const found = codeOf(file).matchAll(
    /(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\s*\(\s*)['"`]([^'"`]+)['"`]/g,
  );
  return [...found].map(([, name]) => name!);
}

describe('below run/', () => {
  test('the source is found', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(importsOf('platform/threads.ts')).toEqual(['node:url', 'node:worker_threads', 'piscina']);
  });

  test.each(files.filter((file) => !file.startsWith('platform/')))('%s knows nothing of Node', (file) => {
    const packages = importsOf(file).filter((name) => !name.startsWith('.'));
    expect(packages.filter((name) => isBuiltin(name))).toEqual([]);
    expect(packages.filter((name) => !everywhere.includes(name))).toEqual([]);
    expect(codeOf(file)).not.toMatch(
      /\bprocess\.|\bsetImmediate\b|\bcreateRequire\b|new SharedArrayBuffer\b/,
    );
  });

  test.each(files.filter((file) => file.startsWith('platform/browser/')))('%s does neither', (file) => {
    expect(importsOf(file).filter((name) => isBuiltin(name))).toEqual([]);
  });
});

test('the library can also be required', () => {
  const library = createRequire(import.meta.url)('../../dist/src/index.js');
  expect(library.train).toBeInstanceOf(Function);
});
