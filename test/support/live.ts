// Live pages that are served in this process, and clients that watch them.
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { type LiveServer, startLive } from '#lockstep/live/server.js';
import type { LiveFigures, LiveSource } from '#lockstep/live/source.js';
import { html } from '#lockstep/report/page/markup.js';
import { type Response, send } from './served.ts';

export interface TestSource extends LiveSource {
  text: string;
  /** How often the page was made. */
  made: number;
  shown: LiveFigures;
}

/** A page of two parts, one of which holds `text`. */
export function testSource(text = 'first'): TestSource {
  return {
    title: 'test',
    text,
    made: 0,
    shown: { texts: { state: 'training' }, shares: { training: 0.5 }, stoppable: true },
    page() {
      this.made++;
      return { parts: { live: html`<p>top</p>`, body: html`<p>${this.text}</p>` }, charts: [] };
    },
    figures() {
      return this.shown;
    },
  };
}

export interface Served extends LiveServer {
  /** Without the token. */
  base: string;
  token: string;
  trouble: string[];
  stops: number;
}

type Given = Partial<Parameters<typeof startLive>[0]>;

export async function serveLive(source: LiveSource, given: Given = {}): Promise<Served> {
  const trouble: string[] = [];
  const counted = { stops: 0 };
  const stop = () => {
    counted.stops++;
    return true;
  };
  const tell = (line: string) => void trouble.push(line);
  const server = await startLive({ source, port: 0, option: '--live-port', stop, trouble: tell, ...given });
  onTestFinished(() => server.close());
  const [base, token] = server.url.split('/#token=');
  return Object.defineProperties(Object.assign(counted, { base: base!, token: token!, trouble }), {
    ...Object.getOwnPropertyDescriptors(server),
  }) as unknown as Served;
}

export interface Told {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  data: any;
}

export interface Watcher {
  told: Told[];
  response: IncomingMessage;
  /** Resolves with the first event, from the `after`-th on, that is so. */
  hears(is: (told: Told) => boolean, after?: number): Promise<Told>;
  closed: Promise<void>;
  leave(): void;
}

/** Watches, as a browser's EventSource does. */
export async function watchLive(base: string, page = ''): Promise<Watcher> {
  const told: Told[] = [];
  const waiting: { is(told: Told): boolean; after: number; tell(told: Told): void }[] = [];
  let request: ClientRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = httpRequest(`${base}/events?page=${page}`, { agent: false }, resolve);
    request.on('error', reject);
    request.end();
  });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/event-stream');
  let rest = '';
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const [, event] = /^event: (.*)$/m.exec(block)!;
      const [, data] = /^data: (.*)$/m.exec(block)!;
      const one = { event: event!, data: JSON.parse(data!) };
      told.push(one);
      for (const { is, after, tell } of waiting) if (told.length > after && is(one)) tell(one);
    }
  });
  const leave = () => void request.destroy();
  onTestFinished(leave);
  return {
    told,
    response,
    hears: (is, after = 0) =>
      new Promise((tell) => {
        const found = told.slice(after).find(is);
        if (found) tell(found);
        else waiting.push({ is, after, tell });
      }),
    closed: new Promise((resolve) => response.once('close', () => resolve())),
    leave,
  };
}

/** The address that a command has printed, and its parts. */
export function addressIn(text: string): { url: string; base: string; token: string } {
  const [url, base, token] = /(http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]{32})/.exec(text) ?? [];
  expect(url, text).toBeDefined();
  return { url: url!, base: base!, token: token! };
}

export function pressStop(base: string, token: string | undefined, headers = {}): Promise<Response> {
  const own = token === undefined ? {} : { 'x-lockstep-token': token };
  return send(`${base}/stop`, { method: 'POST', headers: { ...own, ...headers } });
}
