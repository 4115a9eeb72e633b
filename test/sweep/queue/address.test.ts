import { expect, test } from 'vitest';
import { queueAddress } from '#lockstep/sweep/queue/address.js';

const read = (text: string, password?: string) => queueAddress(text, '--queue', password);

test('an address has a host, and may have more', () => {
  expect(read('redis://host')).toEqual({
    host: 'host',
    port: 6379,
    db: 0,
    tls: false,
    shown: 'redis://host:6379',
  });
  expect(read('redis://host:7000/2')).toMatchObject({ port: 7000, db: 2, shown: 'redis://host:7000/2' });
  expect(read('rediss://ann:a%2Fb%40c@[::1]:7/0')).toEqual({
    ...{ host: '::1', port: 7, db: 0, tls: true, username: 'ann', password: 'a/b@c' },
    shown: 'rediss://[::1]:7',
  });
});

test('the password of the environment is taken if the address has none', () => {
  expect(read('redis://host', 'secret').password).toBe('secret');
  expect(read('redis://:own@host', 'secret').password).toBe('own');
  expect(read('redis://host', '')).not.toHaveProperty('password');
});

test.each([
  ['host:6379', 'one without redis://'],
  ['http://host', 'one with http://'],
  ['redis://', 'one without a host'],
  ['redis://host/first', 'a database that is no number'],
  ['redis://host?db=1', 'one with ? or #'],
  ['redis://:50%zz@host', 'a name or password with a % that begins nothing'],
  ['redis://host:70000', 'something else; a password with'],
])('%s is none', (text, got) => {
  expect(() => read(text)).toThrow(`--queue: expected an address such as redis://host:6379`);
  expect(() => read(text)).toThrow(`got ${got}`);
});

test('no message shows a password', () => {
  for (const text of [
    'redis://:s/ecret@host',
    'redis://:secret@host/x',
    'http://:secret@host',
    'secret@host',
  ]) {
    expect(() => read(text)).toThrow(/^(?!.*ecret)/s);
  }
});
