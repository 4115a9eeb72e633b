// Host and Origin: which requests a server lets in.
import { expect, test } from 'vitest';
import { doorOf, whyRefused } from '#lockstep/http/door.js';

const given = { host: '127.0.0.1', address: '127.0.0.1', port: 8000, machine: 'box', allowed: [] };
const local = doorOf(given);
const open = doorOf({
  ...given,
  host: '0.0.0.0',
  address: '0.0.0.0',
  allowed: ['Net.example', 'b.example:81'],
});

const letsIn = (door: typeof local, host?: string, origin?: string) =>
  whyRefused({ host, origin }, door) === undefined;

test.each(['127.0.0.1:8000', 'localhost:8000', 'LOCALHOST:8000', 'localhost.:8000', '[::1]:8000'])(
  'a server of this machine is called %s',
  (host) => {
    expect(letsIn(local, host)).toBe(true);
    expect(letsIn(local, host, `http://${host}`)).toBe(true);
  },
);

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:8000',
  'localhost',
  'localhost:8001',
  'localhost.evil.example:8000',
  'localhost:8000@evil.example',
  'localhost:8000 ',
  '192.168.0.5:8000',
  'box:8000',
  '[::1',
  '::1:8000',
])('and not %s', (host) => {
  expect(letsIn(local, host)).toBe(false);
});

test.each([
  'null',
  'http://evil.example',
  'http://localhost',
  'http://localhost:8001',
  'http://127.0.0.1:8000',
  'http://localhost:8000.evil.example',
  'http://localhost:8000@evil.example',
  'file://localhost:8000',
  'localhost:8000',
  '',
])('a page of %s is refused', (origin) => {
  expect(letsIn(local, 'localhost:8000', origin)).toBe(false);
});

test('on all addresses: any address with any port, the machine, and what is allowed', () => {
  const all = ['192.168.0.5:80', '10.0.0.1', '[fe80::1]:9', 'box:8000', 'localhost:8000'];
  expect(all.map((host) => letsIn(open, host))).toEqual(all.map(() => true));
  const named = ['net.example', 'NET.example:443', 'b.example:81'];
  expect(named.map((host) => letsIn(open, host))).toEqual(named.map(() => true));
  const others = ['b.example', 'b.example:82', 'box:80', 'evil.example', 'x.net.example', '1.2.3:80'];
  expect(others.map((host) => letsIn(open, host))).toEqual(others.map(() => false));
});

test('behind a proxy with encryption the page has its name and https', () => {
  expect(letsIn(open, 'net.example', 'https://net.example')).toBe(true);
  expect(letsIn(open, 'net.example:443', 'https://net.example')).toBe(true);
  expect(letsIn(open, 'net.example', 'http://net.example:80')).toBe(true);
  expect(letsIn(open, 'net.example', 'https://other.example')).toBe(false);
});

test('the complaint says what would be let in', () => {
  expect(whyRefused({ host: 'evil.example' }, local)).toMatchObject({
    where: 'header Host',
    expected: 'a name of this server, such as localhost:8000',
    got: 'evil.example',
  });
});
