// Clients that nobody wants: each does one thing, and says how it was answered. Beside it stand the statuses
// that are right; 0 is a broken connection.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { encode } from 'fast-png';
import { ask, post } from './ask.mjs';

const pixels = new Array(784).fill(0);
const row = JSON.stringify([pixels]);
const json = 'application/json';
const bigPicture = encode({ width: 6000, height: 4100, channels: 1, data: new Uint8Array(6000 * 4100) });
const blank = encode({ width: 3000, height: 2000, channels: 1, data: new Uint8Array(6_000_000).fill(255) });
/** A header that claims 60,000 x 60,000 pixels. */
const bomb = Uint8Array.from(blank);
new DataView(bomb.buffer).setUint32(16, 60_000);
new DataView(bomb.buffer).setUint32(20, 60_000);

/** Sends text as it is, a piece at a time, and reads the status line. */
function raw(port, pieces, wait = 0) {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (wait > 0) await pause(wait);
      }
    });
    socket.on('data', (chunk) => {
      got += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ status: Number(got.slice(9, 12)) || 0, text: got }));
    setTimeout(() => socket.destroy(), 60_000).unref();
  });
}

const head = (more) =>
  `POST /predict HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Type: ${json}\r\n${more}\r\n`;

/** By kind: what is done, and which statuses are right. */
export const badClients = {
  bad: [
    [(to) => post(to.url, json, '{"rows": ['), [400]],
    [(to) => post(to.url, json, '[[1,2,3]]'), [422]],
    [(to) => post(to.url, json, `[${'['.repeat(100_000)}`), [400]],
    [(to) => post(to.url, json, '[{"__proto__": {"x": 1}}]'), [422]],
    [(to) => post(to.url, 'text/csv', 'a,b\n1,2\n"'), [422]],
    [(to) => post(to.url, 'image/png', bomb), [422]],
    [(to) => post(to.url, 'image/png', 'no picture'), [422]],
    [(to) => post(to.url, 'image/jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1)), [422]],
    [(to) => post(to.url, 'text/plain', row), [415]],
    [(to) => post(to.url, json, row, { headers: { 'content-encoding': 'gzip' } }), [415]],
    [(to) => ask(`${to.url}/../../etc/passwd`), [404]],
    [(to) => ask(`${to.url}/predict`, { method: 'DELETE' }), [405]],
    [(to) => raw(to.port, ['\x00\x01 nonsense\r\n\r\n']), [400]],
    [
      (to) => raw(to.port, [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`]),
      [431, 0],
    ],
    [(to) => ask(`${to.url}/`, { method: 'OPTIONS' }), [405]],
  ],
  huge: [
    [(to) => post(to.url, json, new Uint8Array(40_000_000)), [413]],
    [
      (to) => post(to.url, json, new Uint8Array(20_000_000), { headers: { 'transfer-encoding': 'chunked' } }),
      [413],
    ],
    [(to) => post(to.url, json, `[${'0,'.repeat(4_000_000)}0]`), [413]],
    [(to) => post(to.url, json, `[${'{},'.repeat(9000)}{}]`), [422]],
    [(to) => post(to.url, 'text/csv', '1\n'.repeat(5_000_000)), [413]],
    [(to) => post(to.url, 'text/csv', ','.repeat(3_000_000)), [422]],
    [(to) => post(to.url, 'image/png', bigPicture), [200, 422]],
    [(to) => post(to.url, 'image/png', blank), [422]],
  ],
  foreign: [
    [(to) => ask(`${to.url}/model`, { headers: { host: 'evil.example' } }), [403]],
    [(to) => ask(`${to.url}/`, { headers: { host: `evil.example:${to.port}` } }), [403]],
    [(to) => post(to.url, json, row, { headers: { origin: 'http://evil.example' } }), [403]],
    [(to) => post(to.url, json, row, { headers: { origin: 'null' } }), [403]],
    [
      (to) => ask(`${to.url}/predict`, { method: 'OPTIONS', headers: { origin: 'http://evil.example' } }),
      [403],
    ],
  ],
  slow: [
    // A head, a letter at a time.
    [(to) => raw(to.port, [...head('Content-Length: 5\r\n')], 300), [408, 0]],
    // A body, a letter at a time.
    [(to) => raw(to.port, [head('Content-Length: 1000\r\n').replace('PORT', to.port), ...row], 300), [408]],
    // A body that ends in the middle of it.
    [
      async (to) => {
        const socket = connect(to.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.write(`${head('Content-Length: 1000\r\n').replace('PORT', to.port)}[[0,0,`);
        await pause(500);
        socket.destroy();
        return { status: 0 };
      },
      [0],
    ],
    // Nothing at all.
    [(to) => raw(to.port, []), [0, 408]],
    // A client that does not take its answer.
    [
      async (to) => {
        const socket = connect(to.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.pause();
        const page = `GET / HTTP/1.1\r\nHost: localhost:${to.port}\r\n\r\n`;
        socket.write(page.repeat(200));
        await pause(3000);
        socket.destroy();
        return { status: 0 };
      },
      [0],
    ],
  ],
};
