/** What a request asks for, before its body is read. */
import type { IncomingMessage } from 'node:http';
import type { Paths } from '../http/asked.ts';
import { Refusal } from '../http/refusal.ts';
import type { BodyKind } from './given-rows.ts';

/** The paths, and their methods. */
export const paths: Paths = new Map([
  ['/', ['GET', 'HEAD']],
  ['/health', ['GET', 'HEAD']],
  ['/model', ['GET', 'HEAD']],
  ['/predict', ['POST']],
]);

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
