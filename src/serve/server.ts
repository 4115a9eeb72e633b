/**
 * The server of `train serve`: a network behind HTTP.
 *
 * It is made of `node:http` alone. There are four paths, no sessions and no templates, so a framework would
 * bring routing that we do not need; and what matters here (which host is called, how long a body may take,
 * what happens to a client that is still sending) is decided below the level at which frameworks speak.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hostname } from 'node:os';
import { askedOf, methodsOf } from '../http/asked.ts';
import { bracketed, type Door, doorOf, whyRefused } from '../http/door.ts';
import { callable, listening } from '../http/listen.ts';
import { requestsBegun } from '../http/no-request.ts';
import { answerTo, Refusal } from '../http/refusal.ts';
import { type Reply, reply } from '../http/reply.ts';
import type { TriedNetwork } from '../report/page/try-part.ts';
import { takesLong } from './effort.ts';
import type { Job } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';
import type { ModelFacts } from './model-facts.ts';
import type { NetworkThread } from './network-thread.ts';
import { pageReply } from './page.ts';
import { Gone, type Held, readBody } from './read-body.ts';
import { asIsIn, bodyKind, paths } from './request.ts';
import { refuseFull, waitingLine } from './waiting-line.ts';

export interface ServeOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Names besides its own by which the server may be called. */
  allowed: readonly string[];
  facts: ModelFacts;
  /** The network for the page. */
  tried: TriedNetwork;
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
  const { host, port, allowed, facts, tried, networks, limits, trouble } = options;
  const counts = { answered: 0, refused: 0, failed: 0 };
  const held: Held = { bytes: 0 };
  const lost = (why: string) => trouble(`a thread of the network was lost: ${why}`);
  const lines = {
    quick: waitingLine(networks.quick, limits, lost),
    slow: waitingLine(networks.slow, limits, lost),
  };
  const model: Reply = { status: 200, type: 'application/json', text: JSON.stringify(facts) };
  const begun = requestsBegun();
  let stopping = false;
  let door: Door;
  let page: Reply | undefined;

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
  server.on('clientError', (error, socket) => begun.refuse(error, socket as Socket));

  await listening(server, { host, port });
  const bound = server.address() as AddressInfo;
  door = doorOf({
    ...{ host, address: bound.address, port: bound.port, machine: hostname(), allowed },
    hint: 'who starts the server can allow another name with --allow-host',
  });
  const url = `http://${bracketed(callable(host, bound.address))}:${bound.port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    begun.add(request, response);
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
    const { path, query } = askedOf(request, paths);
    if (path === '/model') return model;
    if (path === '/') {
      page ??= pageReply(facts, tried, url);
      return page;
    }
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
  if (answer.status === 405) return { ...answer, headers: { allow: methodsOf(url, paths) } };
  if (answer.status === 503) return { ...answer, headers: { 'retry-after': '1' } };
  return answer;
}
