/**
 * The server of `train serve`: a network behind HTTP.
 *
 * It is made of `node:http` alone. There are four paths, no sessions and no templates, so a framework would
 * bring routing that we do not need; and what matters here (which host is called, how long a body may take,
 * what happens to a client that is still sending) is decided below the level at which frameworks speak.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hostname } from 'node:os';
import { LockstepError } from '../foundation/errors.ts';
import { bracketed, type Door, doorOf, whyRefused } from './door.ts';
import { takesLong } from './effort.ts';
import type { Job } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';
import type { ModelFacts } from './model-facts.ts';
import type { NetworkThread } from './network-thread.ts';
import { pageReply } from './page.ts';
import { Gone, type Held, readBody } from './read-body.ts';
import { answerTo, errorText, Refusal } from './refusal.ts';
import { type Reply, reply } from './reply.ts';
import { asIsIn, askedOf, bodyKind, methodsOf } from './request.ts';
import { refuseFull, waitingLine } from './waiting-line.ts';

export interface ServeOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Names besides its own by which the server may be called. */
  allowed: readonly string[];
  facts: ModelFacts;
  /** For requests that are soon answered, and for those that take long. */
  networks: { quick: NetworkThread; slow: NetworkThread };
  limits: ServeLimits;
  /** Told of each defect, a line. */
  trouble(line: string): void;
}

export interface RunningServer {
  /** Where it can be called. */
  url: string;
  /** Requests by how they ended, so far. */
  counts: { answered: number; refused: number; failed: number };
  /** Takes no more requests, finishes those that have begun, and ends. */
  stop(): Promise<void>;
}

/** @throws LockstepError if it cannot listen there */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host, port, allowed, facts, networks, limits, trouble } = options;
  const counts = { answered: 0, refused: 0, failed: 0 };
  const held: Held = { bytes: 0 };
  const lost = (why: string) => trouble(`a thread of the network was lost: ${why}`);
  const lines = {
    quick: waitingLine(networks.quick, limits, lost),
    slow: waitingLine(networks.slow, limits, lost),
  };
  const model: Reply = { status: 200, type: 'application/json', text: JSON.stringify(facts) };
  const begun = new Map<Socket, number>();
  let stopping = false;
  let door: Door;
  let page: Reply;

  const server = createServer({
    headersTimeout: limits.headTime,
    // Bodies have a limit of their own (readBody), whose answer says more.
    requestTimeout: limits.headTime + limits.bodyTime + 5000,
    connectionsCheckingInterval: Math.min(1000, limits.headTime),
  });
  server.maxConnections = limits.connections;
  // A client that neither sends nor takes anything.
  server.timeout = 2 * (limits.bodyTime + limits.batchTime);
  server.on('request', handle);
  // The client waits to be told that its body is wanted; what it says before that can be refused.
  server.on('checkContinue', handle);
  server.on('clientError', (error, socket) => refuseRaw(error, socket as Socket, begun));

  await listening(server, host, port);
  const bound = server.address() as AddressInfo;
  door = doorOf({ host, address: bound.address, port: bound.port, machine: hostname(), allowed });
  const url = `http://${bracketed(callable(host, bound.address))}:${bound.port}`;
  page = pageReply(facts, url);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    begun.set(socket, (begun.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = begun.get(socket)! - 1;
      if (left > 0) begun.set(socket, left);
      else begun.delete(socket);
    });
    request.on('error', () => {});
    let answer: Reply;
    try {
      answer = await answerOf(request, response);
    } catch (error) {
      if (error instanceof Gone) return;
      answer = json(answerTo(error));
      if (answer.status === 500) trouble(`${request.method} ${request.url}: ${(error as Error).message}`);
    }
    count(answer.status);
    reply(request, response, withHints(answer, request), { last: stopping });
  }

  function count(status: number): void {
    if (status < 400) counts.answered++;
    else if (status < 500 || status === 503) counts.refused++;
    else counts.failed++;
  }

  async function answerOf(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const { host: called, origin } = request.headers;
    const complaint = whyRefused({ host: called, origin }, door);
    if (complaint) throw new Refusal(403, complaint);
    const { path, query } = askedOf(request);
    if (path === '/model') return model;
    if (path === '/') return page;
    if (path === '/health') return health();
    return predict(request, response, asIsIn(query));
  }

  function health(): Reply {
    const text = {
      status: stopping ? 'stopping' : 'ok',
      waiting: lines.quick.length + lines.slow.length,
      ...counts,
    };
    return { status: stopping ? 503 : 200, type: 'application/json', text: JSON.stringify(text) };
  }

  async function predict(request: IncomingMessage, response: ServerResponse, asIs: boolean): Promise<Reply> {
    if (stopping) throw new Refusal(503, { where: 'server', expected: 'to run', got: 'it stops' });
    const kind = bodyKind(request);
    if (request.headers.expect !== undefined && !isTooLong(request, limits)) response.writeContinue();
    const { body, release } = await readBody(request, held, limits);
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    try {
      const job: Job = { kind, body, asIs };
      const line = takesLong(job) ? lines.slow : lines.quick;
      refuseFull(line);
      return json(await line.ask(job, gone.signal));
    } finally {
      response.off('close', leave);
      release();
    }
  }

  return {
    url,
    counts,
    async stop() {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), limits.stopTime);
      await closed;
      clearTimeout(late);
      await Promise.all([networks.quick.end(), networks.slow.end()]);
    },
  };
}

const json = ({ status, text }: { status: number; text: string }): Reply => ({
  status,
  type: 'application/json',
  text,
});

const isTooLong = ({ headers }: IncomingMessage, { bodyBytes }: ServeLimits) =>
  Number(headers['content-length'] ?? 0) > bodyBytes;

/** With the headers that belong to its status. */
function withHints(answer: Reply, { url }: IncomingMessage): Reply {
  if (answer.status === 405) return { ...answer, headers: { allow: methodsOf(url) } };
  if (answer.status === 503) return { ...answer, headers: { 'retry-after': '1' } };
  return answer;
}

/** What a browser on this machine calls it. */
function callable(host: string, address: string): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost';
  return host === 'localhost' ? host : address;
}

/** @throws LockstepError that says why not */
function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      // Such as when the system has no more file numbers for a connection. It goes on with the others.
      server.on('error', () => {});
      resolve();
    });
  });
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): LockstepError {
  const hint = 'take another with --port, or any that is free with --port 0';
  if (code === 'EADDRINUSE') {
    const got = `${port}, on which another program listens`;
    return new LockstepError('failed', { where: '--port', expected: 'a free port', got, hint });
  }
  if (code === 'EACCES') {
    const got = `${port}, which needs more rights`;
    return new LockstepError('failed', { where: '--port', expected: 'a port of your own', got, hint });
  }
  const got = `${host} (${code ?? message})`;
  return new LockstepError('usage', { where: '--host', expected: 'a name or address of this machine', got });
}

/** Statuses of what is no request at all. */
const rawStatuses: Readonly<Record<string, [status: number, reason: string, expected: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'a request that comes faster'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'shorter headers'],
};

/** Answers bytes that are no request, if nothing else is being answered on the connection, and ends it. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket, begun: ReadonlyMap<Socket, number>): void {
  if (!socket.writable || error.code === 'ECONNRESET' || begun.has(socket)) {
    socket.destroy();
    return;
  }
  const [status, reason, expected] = rawStatuses[error.code ?? ''] ?? [400, 'Bad Request', 'HTTP'];
  const text = errorText({ where: 'request', expected, got: error.code ?? 'something else' });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
