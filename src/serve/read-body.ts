/** Reads the body of a request, within limits of size and time. */
import type { IncomingMessage } from 'node:http';
import { bytes } from '../foundation/format.ts';
import { Refusal } from '../http/refusal.ts';
import type { ServeLimits } from './limits.ts';

/** The bytes of all bodies that a server holds. */
export interface Held {
  bytes: number;
}

/** The client went away before its body had come. There is nobody to answer. */
export class Gone extends Error {}

/**
 * The body of a request. `held` counts it until `release` is called.
 *
 * @throws Refusal with status 408, 413 or 503; Gone
 */
export async function readBody(
  request: IncomingMessage,
  held: Held,
  limits: Pick<ServeLimits, 'bodyBytes' | 'allBytes' | 'bodyTime'>,
): Promise<{ body: Uint8Array; release(): void }> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLong(limits);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const release = () => {
    held.bytes -= length;
    length = 0;
  };
  const whole = new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      request.off('data', take);
      request.pause();
      reject(error);
    };
    const late = setTimeout(() => fail(tooSlow(limits)), limits.bodyTime);
    const take = (chunk: Uint8Array) => {
      length += chunk.length;
      held.bytes += chunk.length;
      chunks.push(chunk);
      if (length > limits.bodyBytes) fail(tooLong(limits));
      else if (held.bytes > limits.allBytes) fail(tooMuch());
    };
    request.on('data', take);
    request.once('end', resolve);
    request.once('error', () => reject(new Gone()));
    request.once('close', () => {
      clearTimeout(late);
      reject(new Gone());
    });
  });
  try {
    await whole;
  } catch (error) {
    release();
    throw error;
  }
  // An array of its own: that of a chunk may be part of a larger one, all of which a message would copy.
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return { body, release };
}

function tooLong({ bodyBytes }: Pick<ServeLimits, 'bodyBytes'>): Refusal {
  const expected = `a body of at most ${bytes(bodyBytes)}`;
  return new Refusal(413, { where: 'body', expected, got: 'a longer one', hint: 'send it in parts' });
}

function tooSlow({ bodyTime }: Pick<ServeLimits, 'bodyTime'>): Refusal {
  const expected = `a body within ${bodyTime / 1000} s`;
  return new Refusal(408, { where: 'body', expected, got: 'a part of it' });
}

function tooMuch(): Refusal {
  const expected = 'fewer large bodies at a time';
  return new Refusal(503, { where: 'server', expected, got: 'too many', hint: 'ask again in a second' });
}
