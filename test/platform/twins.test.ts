// What stands for a platform's file in a browser does the same.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { breathe } from '#lockstep/platform/breath.js';
import { breathe as breatheInBrowser } from '#lockstep/platform/browser/breath.js';
import { sha256 as sha256InBrowser } from '#lockstep/platform/browser/digest.js';
import { kernelsModule, provideKernels } from '#lockstep/platform/browser/kernels-module.js';
import { allocateShared as allocateInBrowser } from '#lockstep/platform/browser/shared-memory.js';
import { sha256 } from '#lockstep/platform/digest.js';
import { allocateShared } from '#lockstep/platform/shared-memory.js';

const root = new URL('../../', import.meta.url);
const twins = readdirSync(new URL('src/platform/browser', root)).map((file) => file.replace('.ts', ''));

test('each is named in package.json, and exports what its twin exports', async () => {
  const { browser } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const built = (path: string) => `./dist/src/platform/${path}.js`;
  expect(browser).toEqual(Object.fromEntries(twins.map((name) => [built(name), built(`browser/${name}`)])));
  for (const file of Object.entries(browser).flat())
    expect(existsSync(new URL(String(file), root))).toBe(true);
  const exported = async (path: string) => Object.keys(await import(new URL(built(path), root).href));
  for (const name of twins.filter((name) => name !== 'kernels-module')) {
    expect(await exported(`browser/${name}`)).toEqual(await exported(name));
  }
});

describe.each([
  ['here', sha256],
  ['in a browser', sha256InBrowser],
])('sha256 %s', (_, start) => {
  test('of pieces is that of the whole', () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(100_000)).map((_, i) => (i * 37) % 251);
    const whole = createHash('sha256').update(bytes).update('Größe').digest('hex');
    for (const piece of [1, 63, 64, 65, 40_000]) {
      const digest = start();
      for (let i = 0; i < bytes.length; i += piece) digest.add(bytes.subarray(i, i + piece));
      digest.add('Größe');
      expect(digest.hex()).toBe(whole);
    }
  });

  test('of nothing', () => {
    expect(start().hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

test.each([
  ['here', allocateShared],
  ['in a browser', allocateInBrowser],
])('shared memory %s has just its size, is zero, and is shared', (_, allocate) => {
  for (const bytes of [0, 4, 65_537]) {
    const buffer = allocate(bytes);
    expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(buffer.byteLength).toBe(bytes);
    expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true);
  }
  expect(() => allocate(2 ** 53)).toThrow(RangeError);
});

test.each([
  ['here', breathe],
  ['in a browser', breatheInBrowser],
])('a breath %s lets others have their turn', async (_, breathe) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for (const until = performance.now() + 50; performance.now() < until; ) await breathe();
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

test('a page must bring the kernels', () => {
  expect(() => kernelsModule()).toThrow('no kernels: call provideKernels()');
  provideKernels(readFileSync(new URL('dist/src/kernels/kernels.wasm', root)));
  expect(kernelsModule()).toBeInstanceOf(WebAssembly.Module);
});
