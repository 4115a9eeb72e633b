/** SHA-256, piece after piece. In a browser, browser/digest.ts stands for this file. */
import { createHash } from 'node:crypto';

export interface Digest {
  /** Goes on with these bytes; text counts as UTF-8. */
  add(piece: Uint8Array | string): void;
  /** Ends it: 64 hexadecimal digits. */
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
