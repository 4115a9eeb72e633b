/**
 * The server of a live page: on this machine alone, for whoever watches.
 *
 *   GET /         the page as of now
 *   GET /events   what is new in it, as server-sent events
 *   POST /stop    asks to stop; needs the token
 *   GET /report   when it has ended: the finished report
 *
 * The page is made only while somebody watches, and then seldom (pacer.ts).
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hostname } from 'node:os';
import { askedOf, methodsOf, type Paths } from '../http/asked.ts';
import { type Door, doorOf, whyRefused } from '../http/door.ts';
import { listening } from '../http/listen.ts';
import { requestsBegun } from '../http/no-request.ts';
import { answerTo, Refusal } from '../http/refusal.ts';
import { type Reply, reply } from '../http/reply.ts';
import { type LiveLimits, usualLimits } from './limits.ts';
import { pacer, pauses } from './pacer.ts';
import { eventText, livePage, type Rendering, renderingOf } from './rendering.ts';
import type { LiveSource } from './source.ts';
import { newToken, tokenHeader } from './token.ts';
import { viewers } from './viewers.ts';

export interface LiveOptions {
  source: LiveSource;
  /** 0: any that is free. */
  port: number;
  /** The option that names the port, for messages. */
  option: string;
  /** Asks who trains to stop, as one Ctrl-C does. False: there is nobody to ask. */
  stop(): boolean | Promise<boolean>;
  /** Told once if the page cannot be made. The training goes on. */
  trouble(line: string): void;
  limits?: Partial<LiveLimits>;
}

export interface LiveServer {
  /** The address, with the token. */
  url: string;
  /** Somebody watches, and the page may be made anew: what it shows is worth being read. */
  readonly due: boolean;
  /** There is something new to show. Cheap, so it may be called as often as it is so. */
  changed(): void;
  /** Something else begins, such as the next of several trainings: it is shown soon. */
  begins(): void;
  /**
   * Shows the finished report, or without one says so, and waits a moment until those who watch have it.
   *
   * @param report the text of the report
   */
  end(report: string | undefined): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

const paths: Paths = new Map([
  ['/', ['GET', 'HEAD']],
  ['/events', ['GET']],
  ['/stop', ['POST']],
  ['/report', ['GET', 'HEAD']],
]);

const host = '127.0.0.1';

/** Milliseconds between two looks at what is new. */
const interval = 1000;

const pageHeaders = { 'referrer-policy': 'no-referrer', 'content-security-policy': "frame-ancestors 'none'" };

/** @throws LockstepError if it cannot listen there */
export async function startLive(options: LiveOptions): Promise<LiveServer> {
  const { source, port, option } = options;
  const limits = { ...usualLimits, ...options.limits };
  const session = randomBytes(9).toString('base64url');
  const token = newToken();
  const watching = viewers(limits);
  const pace = pacer(pauses.page);
  const begun = requestsBegun();
  let rendering: Rendering | undefined;
  let made = 0;
  let stale = true;
  let failed = false;
  let finished: { report: string | undefined } | undefined;
  let fetched = 0;
  let taken = () => {};
  let timer: NodeJS.Timeout | undefined;

  const server = createServer({
    headersTimeout: limits.requestTime,
    requestTimeout: limits.requestTime,
    connectionsCheckingInterval: Math.min(1000, limits.requestTime),
    keepAliveTimeout: limits.requestTime,
  });
  server.maxConnections = limits.connections;
  // A connection on which nothing is read or written.
  server.timeout = limits.patience;
  server.on('request', handle);
  server.on('checkContinue', handle);
  server.on('clientError', (error, socket) => begun.refuse(error, socket as Socket));
  await listening(server, { host, port, option });
  const bound = server.address() as AddressInfo;
  const door: Door = doorOf({ host, address: bound.address, port: bound.port, machine: hostname() });

  /** Makes the page anew, and sends what is new in it, which is a part of what it costs. */
  function make(): Rendering {
    return pace.spend(() => {
      const now = renderingOf(source, `${session}.${++made}`, rendering);
      rendering = now;
      stale = false;
      watching.show(now);
      return now;
    });
  }

  /** The page as of now, or of a moment ago if it was made just then. */
  const current = () => (rendering === undefined || (stale && pace.due) ? make() : rendering);

  function show(): void {
    if (!stale || failed || watching.count === 0 || !pace.due) return;
    try {
      make();
    } catch (error) {
      failed = true;
      options.trouble(`the live page stays as it is: ${(error as Error).message}`);
    }
  }

  function look(): void {
    if (watching.count === 0) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    watching.tell('figures', source.figures());
    // One that was behind may have caught up.
    if (stale) show();
    else if (rendering) watching.show(rendering);
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    begun.add(request, response);
    request.on('error', () => {});
    void answer(request, response).catch((error: unknown) => {
      const { status, text } = answerTo(error);
      const headers = status === 405 ? { allow: methodsOf(request.url, paths) } : {};
      reply(request, response, { status, type: 'application/json', text, headers });
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    refuseStrangers(request, door);
    const { path, query } = askedOf(request, paths);
    if (path === '/events') {
      watch(response, query.get('page'));
      return;
    }
    const told = path === '/stop' ? await stop(request) : path === '/report' ? report(response) : page();
    reply(request, response, told);
  }

  function page(): Reply {
    if (finished?.report !== undefined) return htmlReply(finished.report);
    return htmlReply(livePage(source.title, current(), session, source.figures()));
  }

  function report(response: ServerResponse): Reply {
    if (finished?.report === undefined) {
      const got = finished ? 'none was written' : 'it has not ended';
      throw new Refusal(404, { where: 'path /report', expected: 'a report', got });
    }
    response.once('close', () => {
      fetched++;
      taken();
    });
    return htmlReply(finished.report);
  }

  function watch(response: ServerResponse, has: string | null): void {
    if (watching.count >= limits.viewers) {
      const [expected, got] = [`at most ${limits.viewers} who watch`, 'one more'];
      throw new Refusal(503, { where: 'server', expected, got });
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    watching.add(response, current(), has, { session });
    watching.tell('figures', source.figures());
    timer ??= setInterval(look, interval);
    if (finished) response.end(endEvent(finished));
  }

  async function stop({ headers }: IncomingMessage): Promise<Reply> {
    if (!token.is(headers[tokenHeader])) {
      const got = headers[tokenHeader] === undefined ? 'none' : 'another';
      const hint = 'open the address that was printed, with all that is behind its #';
      throw new Refusal(403, { where: 'token', expected: 'that of the printed address', got, hint });
    }
    if (finished || !(await options.stop())) {
      throw new Refusal(409, { where: 'stop', expected: 'a training under way', got: 'none' });
    }
    return { status: 202, type: 'application/json', text: '{"stopping":true}' };
  }

  return {
    url: `http://${host}:${bound.port}/#token=${token.text}`,
    get due() {
      return watching.count > 0 && pace.due;
    },
    changed() {
      stale = true;
      show();
    },
    begins() {
      pace.hurry();
      stale = true;
      show();
    },
    async end(text) {
      finished = { report: text };
      const expected = fetched + watching.count;
      clearInterval(timer);
      watching.end({ report: text !== undefined });
      if (text === undefined || expected === fetched) return;
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, limits.endTime);
        taken = () => {
          if (fetched < expected) return;
          clearTimeout(late);
          resolve();
        };
      });
    },
    async close() {
      clearInterval(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Pages of other websites are refused by their Origin, or by `Sec-Fetch-Site` where a browser sends no
 * Origin: with a picture whose address is ours. A link that leads here is none of those.
 */
function refuseStrangers({ headers, url = '' }: IncomingMessage, door: Door): void {
  const complaint = whyRefused({ host: headers.host, origin: headers.origin }, door);
  if (complaint) throw new Refusal(403, complaint);
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  if (headers['sec-fetch-mode'] === 'navigate' && !url.startsWith('/events')) return;
  const expected = 'a page of this server';
  throw new Refusal(403, { where: 'header Sec-Fetch-Site', expected, got: String(site) });
}

const htmlReply = (text: string): Reply => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  text,
  headers: pageHeaders,
});

const endEvent = ({ report }: { report: string | undefined }) =>
  eventText('end', JSON.stringify({ report: report !== undefined }));
