// The server as its clients see it: paths, doors, limits. What it predicts is in predict.test.ts.
import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { readTrained } from '#lockstep/run/read-trained.js';
import { usualLimits } from '#lockstep/serve/limits.js';
import { networkThread } from '#lockstep/serve/network-thread.js';
import { servedNetwork } from '#lockstep/serve/served-network.js';
import { predict, send, sendRaw, serveRun, trainedRun } from '../support/served.ts';

const rows = [new Array(64).fill(0)];
const json = { 'content-type': 'application/json' };

test('paths, methods, types and doors', async () => {
  const { url, trouble, counts } = await serveRun(await trainedRun('pictures'));
  const { port } = new URL(url);
  const model = await send(`${url}/model`);
  expect(model.json).toMatchObject({
    name: 'toy',
    task: 'classes',
    input: { kind: 'pictures', height: 8, width: 8, channels: 1, white: 255 },
    output: { names: ['label'], classes: ['0', '1', '2', '3'] },
    epoch: 1,
    checkpoint: 'checkpoints/last.safetensors',
  });
  expect(model.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  expect(model.headers).not.toHaveProperty('access-control-allow-origin');
  expect((await send(`${url}/health`)).json).toMatchObject({ status: 'ok', waiting: 0 });
  const page = await send(url);
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect((await send(url, { method: 'HEAD' })).text).toBe('');

  const statusOf = async (path: string, options: Parameters<typeof send>[1]) => {
    const { status, json, headers } = await send(`${url}${path}`, options);
    return [status, json.error.where, headers.allow];
  };
  const body = JSON.stringify(rows);
  expect(await statusOf('/nothing', {})).toEqual([404, 'path', undefined]);
  expect(await statusOf('/predict', {})).toEqual([405, 'method of /predict', 'POST']);
  expect(await statusOf('/', { method: 'POST', body })).toEqual([405, 'method of /', 'GET, HEAD']);
  expect(await statusOf('/predict?x=1', { method: 'POST', headers: json, body })).toEqual([
    400,
    'query',
    undefined,
  ]);
  const typed = (headers: Record<string, string>) => statusOf('/predict', { method: 'POST', headers, body });
  expect((await typed({}))[0]).toBe(415);
  expect((await typed({ 'content-type': 'application/x-www-form-urlencoded' }))[0]).toBe(415);
  expect((await typed({ 'content-type': 'application/json; charset=latin1' }))[0]).toBe(415);
  expect((await typed({ ...json, 'content-encoding': 'gzip' }))[0]).toBe(415);
  expect(await typed({ ...json, origin: 'http://evil.example' })).toEqual([403, 'header Origin', undefined]);
  expect(await typed({ ...json, host: `evil.example:${port}` })).toEqual([403, 'header Host', undefined]);
  const own = { ...json, origin: `http://localhost:${port}`, host: `localhost:${port}` };
  const answers = [
    own,
    { ...json, host: 'digits.example' },
    { 'content-type': 'application/json; charset=UTF-8' },
  ];
  for (const headers of answers) {
    expect((await send(`${url}/predict`, { method: 'POST', headers, body })).status).toBe(200);
  }
  // A body that the server must ask for.
  const expecting = { ...json, expect: '100-continue' };
  expect((await send(`${url}/predict`, { method: 'POST', headers: expecting, body })).status).toBe(200);
  expect(await sendRaw(url, 'nonsense\r\n\r\n')).toMatch(
    /^HTTP\/1.1 400 Bad Request\r\n.*"expected":"HTTP"/s,
  );
  expect(await sendRaw(url, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  expect(await sendRaw(url, 'GET http://evil.example/ HTTP/1.0\r\nHost: localhost\r\n\r\n')).toMatch(
    /^HTTP\/1.1 403/,
  );
  expect(trouble).toEqual([]);
  expect(counts.failed).toBe(0);
});

test('what is too long, too slow or too much is refused, and the server goes on', async () => {
  const run = await trainedRun('pictures');
  const { url, trouble } = await serveRun(run, {
    bodyBytes: 1000,
    bodyTime: 300,
    headTime: 300,
    rows: 3,
    picturePixels: 100,
    numbers: 8,
  });
  const { port } = new URL(url);
  const long = await predict(url, new Uint8Array(1001));
  expect([long.status, long.json.error.where, long.headers.connection]).toEqual([413, 'body', 'close']);
  const headers = { ...json, 'transfer-encoding': 'chunked' };
  expect((await send(`${url}/predict`, { method: 'POST', headers, body: new Uint8Array(5000) })).status).toBe(
    413,
  );
  expect((await predict(url, [[0], [0], [0], [0]])).status).toBe(413);
  // Three rows of four outputs.
  const outputs = await predict(url, [rows[0], rows[0], rows[0]]);
  expect([outputs.status, outputs.json.error.expected]).toEqual([413, 'at most 2 rows of 4 outputs each']);
  const head = `POST /predict HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\n`;
  expect(await sendRaw(url, `${head}Content-Length: 50\r\n\r\n[[1,`)).toMatch(
    /^HTTP\/1.1 408 .*"got":"a part of it"/s,
  );
  expect(await sendRaw(url, head)).toMatch(/^HTTP\/1.1 408/);
  expect((await predict(url, rows)).status).toBe(200);
  expect(trouble).toEqual([]);
});

test('too many at a time are told to come again', async () => {
  const { url } = await serveRun(await trainedRun('pictures'), { waiting: 1 });
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify(rows);
  const one = () => send(`${url}/predict`, { method: 'POST', headers: json, body, agent });
  const all = await Promise.all(Array.from({ length: 40 }, one));
  agent.destroy();
  const statuses = new Set(all.map(({ status }) => status));
  expect([...statuses].sort()).toEqual([200, 503]);
  expect(all.find(({ status }) => status === 503)!.headers['retry-after']).toBe('1');
});

test('a stop answers what was asked, and refuses what comes later', async () => {
  const server = await serveRun(await trainedRun('pictures'));
  const asked = Array.from({ length: 20 }, () => predict(server.url, rows));
  // One of them has arrived.
  await asked[0];
  const others = Promise.allSettled(asked);
  await server.stop();
  for (const one of await others) {
    // A connection that was not yet made is refused; what was asked is answered.
    if (one.status === 'fulfilled') expect([200, 503]).toContain(one.value.status);
    else expect(one.reason.code).toMatch(/^ECONN/);
  }
  await expect(send(server.url)).rejects.toThrow('ECONNREFUSED');
});

test('a thread that is lost is replaced', async () => {
  const { served } = await servedNetwork(await readTrained(await trainedRun('pictures')), usualLimits);
  const network = networkThread(served);
  const body = new TextEncoder().encode(JSON.stringify(rows));
  const [before] = await network.answer([{ kind: 'json', body, asIs: false }]);
  // Nothing that a server sends: an error that no request can cause.
  await expect(network.answer(null as never)).rejects.toThrow();
  const [after] = await network.answer([{ kind: 'json', body, asIs: false }]);
  expect(after).toEqual(before);
  expect(after!.status).toBe(200);
  await network.end();
});
