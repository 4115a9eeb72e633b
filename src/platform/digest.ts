/** SHA-256, piece after piece. In a browser, browser/digest.ts replaces this file. */
import { createHash } from 'node:crypto';
import { mostAtOnce } from './at-once.ts';

export interface Digest {
  /** Adds these bytes, or text as UTF-8. */
  add(piece: Uint8Array | string): void;
  /** Ends the digest. Returns 64 hexadecimal digits. */
  hex(): string;
}

export function sha256(): Digest {
  const hash = createHash('sha256');
  return {
    add(piece) {
      if (piece.length <= mostAtOnce || typeof piece === 'string') hash.update(piece);
      else {
        for (let at = 0; at < piece.length; at += mostAtOnce)
          hash.update(piece.subarray(at, at + mostAtOnce));
      }
    },
    hex: () => hash.digest('hex'),
  };
}
