// The parsed page of a run.
import { readFileSync } from 'node:fs';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { expect } from 'vitest';

export interface Page {
  text: string;
  /** All elements, in the order of the page. */
  elements: Tree.Element[];
}

/** Reads a page, which must be well-formed. */
export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8');
  const errors: string[] = [];
  const document = parse(text, {
    onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`),
  });
  expect(errors).toEqual([]);
  const elements: Tree.Element[] = [];
  const visit = (node: Tree.Node) => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(document);
  return { text, elements };
}

export function attribute(element: Tree.Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

/** The text in an element, without its markup. */
export function textIn(node: Tree.Node): string {
  if (node.nodeName === '#text') return (node as Tree.TextNode).value;
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : '';
}

/** The values of the element with this id, which holds JSON. */
export function jsonIn(page: Page, id: string): unknown {
  return JSON.parse(textIn(page.elements.find((element) => attribute(element, 'id') === id)!));
}

/** The texts of the cells of a table, row by row. */
export function cellsOf(page: Page, kind: string): string[][] {
  const table = page.elements.find(
    (element) => element.tagName === 'table' && attribute(element, 'class')?.split(' ').includes(kind),
  )!;
  const rows: Tree.Element[] = [];
  const visit = (node: Tree.Node) => {
    if (node.nodeName === 'tr') rows.push(node as Tree.Element);
    else if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(table);
  return rows.map((row) =>
    row.childNodes
      .filter(({ nodeName }) => nodeName === 'td' || nodeName === 'th')
      .map((cell) => textIn(cell).trim()),
  );
}
