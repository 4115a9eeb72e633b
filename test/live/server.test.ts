// The server of a live page: who is let in, what is sent, and how much it takes.
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { html } from '#lockstep/report/page/markup.js';
import { pressStop, serveLive, testSource, watchLive } from '../support/live.ts';
import { send, sendRaw } from '../support/served.ts';

const isPart = (name: string) => (told: { event: string; data: { name: string } }) =>
  told.event === 'part' && told.data.name === name;

describe('who is let in', () => {
  test.each([
    ['another website', { origin: 'http://evil.example' }],
    ['a page of no origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a name that points here', { host: 'evil.example' }],
    ['no port', { host: '127.0.0.1' }],
    ['a picture in another website', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a website beside this one', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ])('not %s', async (_, headers) => {
    const { base, token, stops } = await serveLive(testSource());
    for (const path of ['/', '/events', '/report']) {
      const { status, headers: answered } = await send(`${base}${path}`, { headers });
      expect(status).toBe(403);
      expect(answered['access-control-allow-origin']).toBeUndefined();
    }
    expect((await pressStop(base, token, headers)).status).toBe(403);
    expect(stops).toBe(0);
  });

  test('a link may lead here, but not into the events', async () => {
    const { base } = await serveLive(testSource());
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await send(base, { headers })).status).toBe(200);
    expect((await send(`${base}/events`, { headers })).status).toBe(403);
  });

  test('its own page is let in', async () => {
    const { base } = await serveLive(testSource());
    const headers = { origin: base, 'sec-fetch-site': 'same-origin' };
    const { status, text, headers: answered } = await send(base, { headers });
    expect(status).toBe(200);
    expect(text).toContain('<p>first</p>');
    expect(answered).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  test.each([
    ['GET', '/other', 404, undefined],
    ['GET', '/report', 404, undefined],
    ['GET', '/stop', 405, 'POST'],
    ['OPTIONS', '/stop', 405, 'POST'],
    ['POST', '/', 405, 'GET, HEAD'],
    ['POST', '/events', 405, 'GET'],
    ['DELETE', '/report', 405, 'GET, HEAD'],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const { base } = await serveLive(testSource());
    const answer = await send(`${base}${path}`, { method });
    expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
  });
});

describe('the stop', () => {
  test.each([undefined, '', 'x', 'A'.repeat(32)])('is refused with the token %j', async (token) => {
    const served = await serveLive(testSource());
    const { status, json } = await pressStop(served.base, token);
    expect([status, json.error.where]).toEqual([403, 'token']);
    expect(served.stops).toBe(0);
  });

  test('is passed on with the token of the address, which stands nowhere else', async () => {
    const served = await serveLive(testSource());
    expect(served.token).toMatch(/^[\w-]{32}$/);
    expect((await send(served.base)).text).not.toContain(served.token);
    expect((await pressStop(served.base, served.token)).status).toBe(202);
    expect(served.stops).toBe(1);
    expect((await send(`${served.base}/stop?token=${served.token}`, { method: 'POST' })).status).toBe(403);
    expect(served.stops).toBe(1);
  });

  test('says so if there is nothing to stop', async () => {
    const { base, token } = await serveLive(testSource(), { stop: () => false });
    expect((await pressStop(base, token)).status).toBe(409);
  });
});

describe('what is new', () => {
  test('comes whole at first, and then part by part', async () => {
    const source = testSource();
    const served = await serveLive(source);
    const watcher = await watchLive(served.base);
    const { data } = await watcher.hears(isPart('body'));
    expect(data.html).toBe('<p>first</p>');
    expect(watcher.told.map(({ event }) => event).slice(0, 4)).toEqual(['hello', 'part', 'part', 'charts']);
    const before = watcher.told.length;
    source.text = 'second <b>';
    served.changed();
    const news = await watcher.hears(({ event }) => event === 'part', before);
    expect(news.data).toEqual({ name: 'body', html: '<p>second &lt;b&gt;</p>' });
    const { data: figures } = await watcher.hears(({ event }) => event === 'figures', before);
    expect(figures).toEqual(source.shown);
    // The part that is the same is not sent again.
    expect(watcher.told.filter(isPart('live'))).toHaveLength(1);
  });

  test('a page that is up to date is sent nothing of it', async () => {
    const served = await serveLive(testSource());
    const { text } = await send(served.base);
    const [, id] = /"rendering":"([^"]+)"/.exec(text)!;
    const watcher = await watchLive(served.base, id);
    await watcher.hears(({ event }) => event === 'figures');
    expect(watcher.told.map(({ event }) => event)).toEqual(['hello', 'figures']);
  });

  test('nothing is made for nobody, and little for many changes', async () => {
    const source = testSource();
    const served = await serveLive(source);
    for (let i = 0; i < 1000; i++) served.changed();
    expect([served.due, source.made]).toEqual([false, 0]);
    const watcher = await watchLive(served.base);
    await watcher.hears(isPart('body'));
    for (let i = 0; i < 1000; i++) served.changed();
    expect(source.made).toBe(1);
    watcher.leave();
  });

  test('a page that cannot be made is told of once, and harms nobody', async () => {
    const source = testSource();
    const served = await serveLive(source);
    const watcher = await watchLive(served.base);
    await watcher.hears(isPart('body'));
    source.page = () => {
      throw new Error('a defect');
    };
    const before = watcher.told.length;
    served.changed();
    await watcher.hears(({ event }) => event === 'figures', before + 3);
    expect(served.trouble).toEqual(['the live page stays as it is: a defect']);
  });
});

describe('what it takes', () => {
  test('a viewer that reads nothing is let go', async () => {
    const source = testSource('x'.repeat(30_000_000));
    const { base } = await serveLive(source, { limits: { viewers: 1, patience: 1500 } });
    const { port, host } = new URL(base);
    const socket = connect(Number(port), '127.0.0.1').pause();
    onTestFinished(() => void socket.destroy());
    socket.write(`GET /events HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await send(`${base}/events`)).status).toBe(503);
    source.text = 'short';
    // Its place is free again.
    const watcher = () => watchLive(base).catch(() => undefined);
    await expect.poll(watcher, { timeout: 30_000, interval: 500 }).toBeDefined();
  }, 60_000);

  test('more viewers than there may be are refused', async () => {
    const { base } = await serveLive(testSource(), { limits: { viewers: 1 } });
    const first = await watchLive(base);
    expect((await send(`${base}/events`)).status).toBe(503);
    first.leave();
    await expect.poll(async () => (await watchLive(base).catch(() => undefined))?.told).toBeDefined();
  });

  test('what is no request, a head without end and a long head are refused', async () => {
    const { base } = await serveLive(testSource(), { limits: { requestTime: 300 } });
    const host = new URL(base).host;
    expect(await sendRaw(base, 'hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await sendRaw(base, `GET / HTTP/1.1\r\nhost: ${host}\r\n`)).toMatch(/^HTTP\/1.1 408 /);
    const long = `GET / HTTP/1.1\r\nhost: ${host}\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`;
    expect(await sendRaw(base, long)).toMatch(/^HTTP\/1.1 431 /);
  });

  test('a body that nobody wants is not kept', async () => {
    const served = await serveLive(testSource());
    const body = 'x'.repeat(20_000_000);
    const answer = await send(`${served.base}/stop`, { method: 'POST', body });
    expect(answer.status).toBe(403);
  });
});

describe('the end', () => {
  test('waits until those who watch have the report', async () => {
    const served = await serveLive(testSource(), { limits: { endTime: 60_000 } });
    const watchers = [await watchLive(served.base), await watchLive(served.base)];
    let ended = false;
    const end = served.end('<p>the report</p>').then(() => {
      ended = true;
    });
    for (const watcher of watchers) {
      expect((await watcher.hears(({ event }) => event === 'end')).data).toEqual({ report: true });
      expect(ended).toBe(false);
      expect((await send(`${served.base}/report`)).text).toBe('<p>the report</p>');
    }
    await end;
    expect((await send(served.base)).text).toBe('<p>the report</p>');
    expect((await pressStop(served.base, served.token)).status).toBe(409);
  });

  test('waits for nobody, and not for ever', async () => {
    const served = await serveLive(testSource(), { limits: { endTime: 100 } });
    await served.end('report');
    const other = await serveLive(testSource(), { limits: { endTime: 100 } });
    const watcher = await watchLive(other.base);
    await other.end('report');
    await watcher.closed;
  });

  test('without a report says so', async () => {
    const served = await serveLive(testSource());
    const watcher = await watchLive(served.base);
    await served.end(undefined);
    expect((await watcher.hears(({ event }) => event === 'end')).data).toEqual({ report: false });
    expect((await send(`${served.base}/report`)).status).toBe(404);
  });
});

test('markup in what is sent cannot end its event', async () => {
  const source = testSource('a\n\nevent: end\ndata: {}\n\n');
  source.page = () => ({ parts: { body: html`${source.text}` }, charts: [] });
  const { base } = await serveLive(source);
  const watcher = await watchLive(base);
  expect((await watcher.hears(isPart('body'))).data.html).toBe(source.text);
  expect(watcher.told.some(({ event }) => event === 'end')).toBe(false);
});
