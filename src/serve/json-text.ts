/** The array of rows in a body of JSON. */

import { Refusal } from '../http/refusal.ts';
import type { ServeLimits } from './limits.ts';

const expected = 'an array of rows, or { "rows": [...] }';

/** @throws Refusal if it is no JSON, nested too deep, or neither an array nor an object with one */
export function rowsIn(body: Uint8Array, { nesting }: Pick<ServeLimits, 'nesting'>): readonly unknown[] {
  if (depthOf(body) > nesting) {
    const deep = `at most ${nesting} arrays and objects in one another`;
    throw new Refusal(400, { where: 'body', expected: deep, got: 'more' });
  }
  const given = parsed(body);
  if (Array.isArray(given)) return notNone(given);
  if (typeof given !== 'object' || given === null) {
    throw new Refusal(422, { where: 'body', expected, got: JSON.stringify(given).slice(0, 40) });
  }
  const keys = Object.keys(given);
  const { rows } = given as { rows?: unknown };
  if (keys.length === 1 && Object.hasOwn(given, 'rows') && Array.isArray(rows)) return notNone(rows);
  const names = keys.slice(0, 4).map((key) => JSON.stringify(key.slice(0, 40)));
  const got = Object.hasOwn(given, 'rows') && keys.length === 1 ? 'rows that are no array' : names.join(', ');
  const hint = 'a single row is an array of one: { "rows": [{ ... }] }';
  throw new Refusal(422, { where: 'body', expected, got: got === '' ? 'an empty object' : got, hint });
}

function notNone(rows: readonly unknown[]): readonly unknown[] {
  if (rows.length > 0) return rows;
  throw new Refusal(422, { where: 'rows', expected: 'at least one row', got: 'none' });
}

function parsed(body: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Refusal(400, { where: 'body', expected: 'JSON in UTF-8', got: 'other bytes' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, { where: 'body', expected: 'JSON', got: (error as Error).message.slice(0, 200) });
  }
}

/** Arrays and objects that are open in one another at most: told before JSON.parse makes them. */
function depthOf(body: Uint8Array): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === bracket || byte === brace) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === bracketEnd || byte === braceEnd) depth--;
  }
  return deepest;
}

const [quote, backslash, bracket, bracketEnd, brace, braceEnd] = [34, 92, 91, 93, 123, 125];
