/** Writes responses: with headers that let no other website use them, and without cutting a client off. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  status: number;
  type: 'application/json' | 'text/html; charset=utf-8';
  text: string;
  headers?: Readonly<Record<string, string>>;
}

const always = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Milliseconds for which the rest of a body that nobody wants is read and dropped. */
const drainTime = 1000;

/**
 * Answers a request. If its body has not been read, the connection ends with the answer; but the rest is
 * taken for a moment, because a client that is still sending would otherwise see a broken connection, and no
 * answer.
 */
export function reply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, text, headers = {} }: Reply,
  { last = false } = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const length = Buffer.byteLength(text);
  const more = hasMore(request);
  response.writeHead(status, {
    ...always,
    ...headers,
    'content-type': type,
    'content-length': length,
    ...(last || more ? { connection: 'close' } : {}),
  });
  const body = request.method === 'HEAD' ? '' : text;
  if (!more) {
    response.end(body);
    return;
  }
  response.write(body);
  const end = () => {
    clearTimeout(late);
    response.end();
  };
  const late = setTimeout(end, drainTime);
  request.once('end', end).once('close', end).resume();
}

/** Whether a body is still to come. */
function hasMore(request: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  return !request.complete && (coding !== undefined || length !== '0');
}
