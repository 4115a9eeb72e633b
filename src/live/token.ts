/**
 * The word that a stop needs. It stands in the printed address alone, behind the `#`: browsers keep that part
 * to themselves, so it comes into no request line, no log and no other website's hands.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The header of a request that has it. */
export const tokenHeader = 'x-lockstep-token';

export interface Token {
  text: string;
  /** Whether this is it. Takes as long for any other. */
  is(given: unknown): boolean;
}

export function newToken(): Token {
  const text = randomBytes(24).toString('base64url');
  const digest = (word: string) => createHash('sha256').update(word).digest();
  const own = digest(text);
  return { text, is: (given) => typeof given === 'string' && timingSafeEqual(digest(given), own) };
}
