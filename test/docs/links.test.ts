// The files, functions and headings that the documentation names exist.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The links of a page, without those in code blocks. */
function linksOf(page: string): { text: string; target: string }[] {
  const prose = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, text, target]) => ({
    text: text!,
    target: target!,
  }));
}

function headingsOf(page: string): string[] {
  const prose = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return headingsOf(page).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Whether a file defines this name: a function, a constant, a type, a method or a property. */
function defines(file: string, name: string): boolean {
  const code = readFileSync(file, 'utf8');
  const declared = new RegExp(`\\b(?:function\\*?|const|let|class|interface|type|def) ${name}\\b`);
  const member = new RegExp(`^\\s+(?:async )?${name}(?:: |\\()`, 'm');
  return declared.test(code) || member.test(code);
}

describe.each(pages)('%s', (page) => {
  const links = linksOf(page).filter(({ target }) => !/^[a-z]+:/.test(target));

  test('every file and heading that it links to is there', () => {
    for (const { target } of links) {
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path!);
      expect(existsSync(join(root, file)), target).toBe(true);
      if (anchor) expect(anchorsOf(file), target).toContain(anchor);
    }
  });

  test('every function that it names as a link is defined in the file it links to', () => {
    for (const { text, target } of links) {
      const file = join(root, dirname(page), target.split('#')[0]!);
      if (!statSync(file).isFile()) continue;
      for (const [, name] of text.matchAll(/`([A-Za-z]\w*)`/g)) {
        expect(defines(file, name!), `${name} in ${target}`).toBe(true);
      }
    }
  });
});

test('every section of a page that a source file names is there', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const named = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, 'src', file), 'utf8').replace(/\n\s*(?:\/\/|\*) ?/g, ' ');
      return [...text.matchAll(/(docs\/[\w-]+\.md), ("[^"]+"(?: and "[^"]+")*)/g)].flatMap(
        ([, page, names]) =>
          [...names!.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ file, page: page!, name: name! })),
      );
    });
  expect(named.length).toBeGreaterThan(10);
  for (const { file, page, name } of named) {
    expect(headingsOf(page), `${file} names "${name}"`).toContain(name);
  }
});

test('how-it-works names the code of every layer, loss and optimizer that has a formula', () => {
  const text = readFileSync(join(root, 'docs/how-it-works.md'), 'utf8');
  const kinds = ['layers', 'losses', 'optimizers'].flatMap((family) =>
    readdirSync(join(root, 'src', family)).map((file) => file.replace('.ts', '')),
  );
  for (const kind of kinds)
    expect(text.toLowerCase(), kind).toMatch(new RegExp(kind.replaceAll('-', '[- ]')));
});
