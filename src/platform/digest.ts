/** SHA-256, piece after piece. In a browser, browser/digest.ts replaces this file. */
import { createHash } from 'node:crypto';

export interface Digest {
  /** Adds these bytes, or text as UTF-8. */
  add(piece: Uint8Array | string): void;
  /** Ends the digest. Returns 64 hexadecimal digits. */
  hex(): string;
}

export function sha256(): Digest {
  const hash = createHash('sha256');
  return {
    add: (piece) => {
      hash.update(piece);
    },
    hex: () => hash.digest('hex'),
  };
}
