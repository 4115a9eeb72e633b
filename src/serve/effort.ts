/**
 * Which requests take long: those with a large body or a large picture. They have a thread of their own, so
 * that nobody with a small request waits for them. (Measured: a row takes a tenth of a millisecond, a photo of
 * 12 million pixels 1.9 s.)
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
