// The directions of imports. src/ consists of rooms, which stand on floors. A file imports from its own room
// and from the floors below, never from above, never sideways, and never in a circle. docs/architecture.md
// has the same table.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** From the lowest floor up. Rooms of one floor do not know each other. */
const floors: readonly (readonly string[])[] = [
  ['foundation'],
  ['platform'],
  ['sync'],
  ['ranks'],
  ['kernels'],
  ['operands'],
  ['contracts'],
  ['layers', 'losses', 'optimizers', 'schedules', 'initializers', 'augmentations', 'figures'],
  ['model'],
  ['experiment'],
  ['data'],
  ['engine'],
  ['parallel'],
  ['training'],
  ['run'],
  ['report'],
  ['sweep'],
  ['export', 'http'],
  ['live', 'serve'],
  ['cli', 'index', 'browser'],
  ['playground'],
];

/** Files outside src/, and the room whose floor they are on. */
const workers: Readonly<Record<string, string>> = {
  'workers/train-worker.ts': 'parallel',
  'workers/ranks-worker.ts': 'parallel',
  'workers/trial-worker.ts': 'sweep',
  'workers/serve-worker.ts': 'serve',
};

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('/assembly/'));
}

const files = [...filesIn('src'), ...filesIn('workers')];

/** `src/model/network.ts` is in `model`, and `src/index.ts` in a room of its own. */
function roomOf(file: string): string {
  const [, room] = file.split('/');
  return workers[file] ?? room!.replace(/\.ts$/, '');
}

function floorOf(file: string): number {
  return floors.findIndex((rooms) => rooms.includes(roomOf(file)));
}

const below = (room: string) => floorOf(`src/${room}/`);

/** Files of this project that a file imports, types included; what the build makes (a `.js`) is no source. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'(\.[^']+\.ts)'/gms)].map(([, path]) =>
    relative(root, resolve(root, dirname(file), path!)).replaceAll('\\', '/'),
  );
}

/** A file without its comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');
}

/** The rooms of each row of the table of floors in docs/architecture.md. */
function documentedFloors(): string[][] {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const section = /\n## Floors\n([\s\S]*?)\n## /.exec(text)![1]!;
  const rows = section.split('\n').filter((line) => /^\| *`/.test(line));
  return rows.map((row) => [...row.split('|')[1]!.matchAll(/`([a-z]+)\/?`/g)].map(([, room]) => room!));
}

/** The chain of files by which the docs lead from the command line to the arithmetic. */
function documentedWalk(): string[] {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const walk = /\n```walk\n([\s\S]*?)\n```/.exec(text)![1]!;
  return [...walk.matchAll(/(?:src|workers)\/[\w./-]+\.ts/g)].map(([file]) => file);
}

describe('rooms', () => {
  test('every file is in a room, and the root of src/ holds the library’s door alone', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
    expect(readdirSync(join(root, 'src')).filter((name) => name.includes('.'))).toEqual([
      'browser.ts',
      'index.ts',
    ]);
  });

  test('every room has files', () => {
    const found = new Set(files.map(roomOf));
    expect(floors.flat().filter((room) => !found.has(room))).toEqual([]);
  });

  test('docs/architecture.md has the same floors', () => {
    expect(documentedFloors()).toEqual(floors);
  });

  test('the walk in docs/architecture.md is the one that the imports take', () => {
    const walk = documentedWalk();
    expect(walk[0]).toBe('src/cli/train.ts');
    expect(walk.at(-1)).toMatch(/^src\/kernels\/assembly\//);
    for (const [index, file] of walk.entries()) {
      const before = walk[index - 1];
      if (before === undefined) continue;
      // The next file is imported, fulfils the contract, or is named: a worker's file, a kernel, an operand.
      if (existsSync(join(root, file)) && importsOf(before).includes(file)) continue;
      if (!file.includes('/assembly/') && importsOf(file).includes(before)) continue;
      const name = file.replace(/^.*\//, '').replace(/\.ts$/, '');
      expect(codeOf(before), `${before} leads to ${file}`).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe('imports', () => {
  test.each(files)('%s imports nothing from above or beside', (file) => {
    for (const imported of importsOf(file)) {
      expect(files, `${file} imports ${imported}`).toContain(imported);
      if (roomOf(imported) === roomOf(file)) continue;
      expect(floorOf(imported), `${file} imports ${imported}`).toBeLessThan(floorOf(file));
    }
  });

  test('kinds of a family do not import each other', () => {
    const families = ['layers', 'losses', 'optimizers', 'schedules', 'initializers', 'augmentations'];
    for (const file of files.filter((file) => families.includes(roomOf(file)))) {
      expect(importsOf(file).filter((imported) => roomOf(imported) === roomOf(file))).toEqual([]);
    }
  });

  test('coordinator and workers do not import each other', () => {
    for (const file of filesIn('src')) {
      expect(importsOf(file).filter((imported) => imported.startsWith('workers/'))).toEqual([]);
    }
    expect(importsOf('workers/train-worker.ts')).not.toContain('src/parallel/threads.ts');
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
});

describe('code', () => {
  test('only the command line touches the process and the console', () => {
    for (const file of files.filter((file) => floorOf(file) < below('cli'))) {
      expect(codeOf(file), file).not.toMatch(/\bconsole\.|process\.(argv|env|stdout|stderr|exit)\b/);
    }
  });

  test('only backends and the catalogue of them know a backend’s name', () => {
    const allowed = /^src\/(kernels\/backends\/|model\/backends\.ts|model\/catalogue\.generated\.ts)/;
    for (const file of files.filter((file) => !allowed.test(file))) {
      expect(codeOf(file), file).not.toMatch(/[=!]== '(wasm|reference)'|'(wasm|reference)' [=!]==/);
    }
  });

  test('nothing that reaches the bits uses approximate functions of the language', () => {
    for (const file of files.filter((file) => floorOf(file) <= below('training'))) {
      const text = codeOf(file);
      expect(text, file).not.toMatch(
        /Math\.(exp|expm1|log|log1p|log2|log10|pow|tanh|sinh|cosh|sin|cos|tan|cbrt|hypot|random)\b/,
      );
      expect(text, file).not.toMatch(/[\w)\]] \*\* [\w(]/);
    }
  });
});
