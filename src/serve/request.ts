/** What a request asks for, before its body is read. */
import type { IncomingMessage } from 'node:http';
import type { BodyKind } from './given-rows.ts';
import { Refusal } from './refusal.ts';

/** The paths, and their methods. */
const paths: ReadonlyMap<string, readonly string[]> = new Map([
  ['/', ['GET', 'HEAD']],
  ['/health', ['GET', 'HEAD']],
  ['/model', ['GET', 'HEAD']],
  ['/predict', ['POST']],
]);

export interface Asked {
  path: string;
  query: URLSearchParams;
}

/** @throws Refusal with status 400, 404 or 405 */
export function askedOf({ url = '', method = '' }: IncomingMessage): Asked {
  const address = `http://server${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) {
    throw new Refusal(400, { where: 'path', expected: '/predict, for example', got: url.slice(0, 80) });
  }
  const { searchParams } = new URL(address);
  const path = url.replace(/[?#].*$/s, '');
  const methods = paths.get(path);
  if (!methods) {
    throw new Refusal(404, { where: 'path', expected: [...paths.keys()].join(', '), got: path.slice(0, 80) });
  }
  if (!methods.includes(method)) {
    throw new Refusal(405, { where: `method of ${path}`, expected: methods.join(' or '), got: method });
  }
  return { path, query: searchParams };
}

/** The methods of a path, for the header `Allow`. */
export const methodsOf = (url = ''): string => (paths.get(url.replace(/[?#].*$/s, '')) ?? []).join(', ');

const kinds: ReadonlyMap<string, BodyKind> = new Map([
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['image/png', 'picture'],
  ['image/jpeg', 'picture'],
]);

/** @throws Refusal with status 415 */
export function bodyKind({ headers }: IncomingMessage): BodyKind {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = headers;
  if (coding !== 'identity') {
    throw new Refusal(415, { where: 'header Content-Encoding', expected: 'none', got: coding.slice(0, 80) });
  }
  const [name = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  const kind = kinds.get(name);
  if (kind === undefined) {
    throw new Refusal(415, {
      where: 'header Content-Type',
      expected: [...kinds.keys()].join(', '),
      got: name === '' ? 'none' : name.slice(0, 80),
      hint: "for curl: -H 'Content-Type: application/json'",
    });
  }
  const charset = parameters
    .find((one) => one.startsWith('charset='))
    ?.slice(8)
    .replace(/^"|"$/g, '');
  if (kind === 'picture' || charset === undefined || charset === 'utf-8' || charset === 'utf8') return kind;
  throw new Refusal(415, { where: 'charset of Content-Type', expected: 'utf-8', got: charset.slice(0, 80) });
}

/**
 * Whether `?as-is` is asked for.
 *
 * @throws Refusal with status 400 for any other parameter
 */
export function asIsIn(query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    if (name === 'as-is' && ['', 'true', 'false'].includes(value)) continue;
    const got = `${name}=${value}`.slice(0, 80);
    throw new Refusal(400, { where: 'query', expected: 'as-is, or nothing', got });
  }
  return query.has('as-is') && query.get('as-is') !== 'false';
}
