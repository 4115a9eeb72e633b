import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { requestsBegun } from '#lockstep/http/no-request.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

// Of requests that come one right after the other, only the first response has the connection. If that
// breaks, the others never close.
test('a connection that broke is not kept, though its responses never closed', async () => {
  const begun = requestsBegun();
  const connections = Array.from({ length: 3 }, () => {
    const socket = new Socket();
    const response = new Writable() as ServerResponse;
    begun.add({ socket } as IncomingMessage, response);
    socket.destroy();
    return new WeakRef(socket);
  });
  for (let turn = 0; turn < 10 && connections.some((one) => one.deref()); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  expect(connections.map((one) => one.deref())).toEqual([undefined, undefined, undefined]);
  expect(begun).toBeDefined();
});
