/** Listens on an address of this machine, or says in our words why that is not possible. */
import type { Server } from 'node:http';
import { LockstepError } from '../foundation/errors.ts';

export interface Place {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** The option that names the port. */
  option?: string;
}

/** @throws LockstepError that says why not */
export function listening(server: Server, place: Place): Promise<void> {
  const { host, port } = place;
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(cannotListen(error, place));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      // Such as when the system has no more file numbers for a connection. It goes on with the others.
      server.on('error', () => {});
      resolve();
    });
  });
}

/** What a browser on this machine calls a server that was told to listen on `host`, and does on `address`. */
export function callable(host: string, address: string): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost';
  return host === 'localhost' ? host : address;
}

function cannotListen(
  { code, message }: NodeJS.ErrnoException,
  { host, port, option = '--port' }: Place,
): LockstepError {
  const hint = `take another with ${option}, or any that is free with ${option} 0`;
  if (code === 'EADDRINUSE') {
    const got = `${port}, on which another program listens`;
    return new LockstepError('failed', { where: option, expected: 'a free port', got, hint });
  }
  if (code === 'EACCES') {
    const got = `${port}, which needs more rights`;
    return new LockstepError('failed', { where: option, expected: 'a port of your own', got, hint });
  }
  const got = `${host} (${code ?? message})`;
  return new LockstepError('usage', { where: '--host', expected: 'a name or address of this machine', got });
}
