/**
 * A line of trials.jsonl as text. It ends with a digest of itself, so a line that was changed is found. Lines
 * of 0.1.0 have none.
 */
import { createHash } from 'node:crypto';
import type { ErrorObject } from 'ajv';
import { prototypeKeyIn } from '../foundation/prototype-keys.ts';
import type { TrialLine } from './trial.ts';
import { validate } from './validate-trial.js';

/** The line without its end. */
export function trialText(line: TrialLine): string {
  const text = JSON.stringify(line);
  return `${text.slice(0, -1)},"sha256":"${sha256(text)}"}`;
}

/** A line, or what is wrong with it. `sealed`: it has a digest. */
export function parseTrial(text: string): { line: TrialLine; sealed: boolean } | { fault: string } {
  const [, start, claimed] = /^(.*),"sha256":"([0-9a-f]{64})"\}$/s.exec(text) ?? [];
  const content = start === undefined ? text : `${start}}`;
  let found: unknown;
  try {
    found = JSON.parse(content);
  } catch {
    return { fault: text.length > 40 ? `${text.slice(0, 37)}...` : JSON.stringify(text) };
  }
  if (claimed !== undefined && sha256(content) !== claimed) return { fault: 'one that was changed' };
  const key = prototypeKeyIn(found);
  if (key) return { fault: `one with the key ${key.join('.')}` };
  if (!validate(found)) return { fault: `one in which ${wordsOf(validate.errors![0]!)}` };
  const line = found as unknown as TrialLine;
  if (line.run !== '' && line.run !== `trials/${line.id}`) return { fault: `one whose run is ${line.run}` };
  // JSON has no NaN, and writes null.
  const history = line.history.map(([epoch, value]) => [epoch, value ?? Number.NaN] as const);
  return { line: { ...line, history }, sealed: claimed !== undefined };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function wordsOf({ instancePath, message, keyword, params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `${JSON.stringify(params.additionalProperty)} is unknown`;
  const place = instancePath.slice(1).replaceAll('/', '.');
  return `${place === '' ? 'it' : place} ${message ?? 'is wrong'}`;
}
