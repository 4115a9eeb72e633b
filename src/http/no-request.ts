/** Answers to bytes that are no request of HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorText } from './refusal.ts';

/** The requests that are being answered, by their connections. */
export interface RequestsBegun {
  add(request: IncomingMessage, response: ServerResponse): void;
  /** Answers what is no request, if nothing else is being answered on the connection, and ends it. */
  refuse(error: NodeJS.ErrnoException, socket: Socket): void;
}

/** Statuses of what is no request at all. */
const statuses: Readonly<Record<string, [status: number, reason: string, expected: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'a request that comes faster'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'shorter headers'],
};

export function requestsBegun(): RequestsBegun {
  // Weak: a response that waits behind others never closes if the connection breaks before its turn.
  const begun = new WeakMap<Socket, number>();
  return {
    add({ socket }, response) {
      begun.set(socket, (begun.get(socket) ?? 0) + 1);
      response.once('close', () => {
        const left = begun.get(socket)! - 1;
        if (left > 0) begun.set(socket, left);
        else begun.delete(socket);
      });
    },
    refuse(error, socket) {
      if (!socket.writable || error.code === 'ECONNRESET' || begun.has(socket)) {
        socket.destroy();
        return;
      }
      const [status, reason, expected] = statuses[error.code ?? ''] ?? [400, 'Bad Request', 'HTTP'];
      const text = errorText({ where: 'request', expected, got: error.code ?? 'something else' });
      socket.end(
        `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
    },
  };
}
