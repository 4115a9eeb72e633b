// The directions of imports: a file imports from its own floor or from below, families never import each
// other or a sibling, and nothing imports in a circle. docs/architecture.md explains the floors.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which floor a file of src/ or workers/ is on; the first pattern that fits counts. */
const floors: readonly [pattern: RegExp, floor: number][] = [
  [/^src\/foundation\//, 0],
  [/^src\/(kernels|contracts)\//, 1],
  [/^src\/(layers|losses|optimizers|schedules|initializers|datasets|augmentations)\//, 2],
  [/^src\/(experiment\/|images\/|(blocks|catalogue|network|memory-map|open-dataset|weights)\.ts)/, 3],
  [/^src\/(step|step-phases|task|evaluation|augment|parameter-blocks|profile|layers-at-work)\.ts/, 4],
  [/^workers\/trial-worker\.ts/, 7],
  [/^(src\/(executor|widening-executor|choose-threads)\.ts|workers\/)/, 5],
  [/^src\/(train|inference|gradcheck|share-data|best-weights)\.ts|^src\/run\//, 6],
  [/^src\/(report|sweep)\//, 7],
  [/^src\/(cli\/|index\.ts)/, 8],
];

const families = 2;

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('/assembly/'));
}

const files = [...filesIn('src'), ...filesIn('workers')];

function floorOf(file: string): number {
  const found = floors.find(([pattern]) => pattern.test(file));
  expect(found, `${file} is on no floor`).toBeDefined();
  return found![1];
}

/** Files of this project that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'(\.[^']+)'/gms)].map(([, path]) =>
    relative(root, resolve(root, dirname(file), path!)).replaceAll('\\', '/'),
  );
}

/** A file without its comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');
}

describe('imports', () => {
  test('the source is found', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(importsOf('src/train.ts')).toContain('src/executor.ts');
  });

  test.each(files)('%s imports nothing from above', (file) => {
    for (const imported of importsOf(file)) {
      expect(files, `${file} imports ${imported}`).toContain(imported);
      expect(floorOf(imported), `${file} imports ${imported}`).toBeLessThanOrEqual(floorOf(file));
    }
  });

  test.each(files.filter((file) => floorOf(file) === families))(
    '%s imports nothing from a family',
    (file) => {
      for (const imported of importsOf(file)) expect(floorOf(imported)).not.toBe(families);
    },
  );

  test('executor and workers do not import each other', () => {
    expect(importsOf('src/executor.ts').filter((file) => file.startsWith('workers/'))).toEqual([]);
    expect(importsOf('workers/train-worker.ts')).not.toContain('src/executor.ts');
  });

  test('nothing imports in a circle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, `a circle: ${[...path, file].join(' -> ')}`).not.toContain(file);
      if (done.has(file)) return;
      for (const imported of importsOf(file)) visit(imported, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  test('only the command line touches the process and the console', () => {
    for (const file of files.filter((file) => floorOf(file) < 8)) {
      const text = codeOf(file);
      expect(text, file).not.toMatch(/\bconsole\.|process\.(argv|env|stdout|stderr|exit)\b/);
    }
  });

  test('nothing that reaches the bits uses approximate functions of the language', () => {
    for (const file of files.filter((file) => floorOf(file) <= 6)) {
      const text = codeOf(file);
      expect(text, file).not.toMatch(
        /Math\.(exp|expm1|log|log1p|log2|log10|pow|tanh|sinh|cosh|sin|cos|tan|cbrt|hypot|random)\b/,
      );
      expect(text, file).not.toMatch(/[\w)\]] \*\* [\w(]/);
    }
  });
});
