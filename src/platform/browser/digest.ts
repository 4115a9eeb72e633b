/** SHA-256 in a browser, whose own digests take no pieces and do not exist on every page. */
import { sha256 as startHash } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Digest } from '../digest.ts';

export function sha256(): Digest {
  const hash = startHash.create();
  return {
    add: (piece) => {
      hash.update(typeof piece === 'string' ? utf8ToBytes(piece) : piece);
    },
    hex: () => bytesToHex(hash.digest()),
  };
}
