/** What a request asks for: a path and a method that the server knows. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** The paths of a server, and their methods. */
export type Paths = ReadonlyMap<string, readonly string[]>;

export interface Asked {
  path: string;
  query: URLSearchParams;
}

/** @throws Refusal with status 400, 404 or 405 */
export function askedOf({ url = '', method = '' }: IncomingMessage, paths: Paths): Asked {
  const address = `http://server${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) {
    const example = [...paths.keys()].at(-1);
    throw new Refusal(400, { where: 'path', expected: `${example}, for example`, got: url.slice(0, 80) });
  }
  const { searchParams } = new URL(address);
  const path = pathOf(url);
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
export function methodsOf(url: string | undefined, paths: Paths): string {
  return (paths.get(pathOf(url ?? '')) ?? []).join(', ');
}

const pathOf = (url: string) => url.replace(/[?#].*$/s, '');
