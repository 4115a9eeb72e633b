/**
 * Which requests take long: those with a large body or a large picture. They have a thread of their own, so
 * that nobody with a small request waits for them. (Measured: a picture of 12 million pixels takes 1.9 s of
 * processor time, a row of 784 pixels less than a millisecond.)
 */
import { headerOf } from '../data/pictures/read.ts';
import type { Job } from './given-rows.ts';

const largeBytes = 262_144;
const largePixels = 500_000;

export function takesLong({ kind, body }: Job): boolean {
  if (body.length > largeBytes) return true;
  if (kind !== 'picture') return false;
  try {
    const header = headerOf(body, 'body');
    return header !== undefined && header.height * header.width > largePixels;
  } catch {
    // It is no picture, which is soon said.
    return false;
  }
}
