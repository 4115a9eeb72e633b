// A bundle for a browser: nothing of Node is in it, and it trains to the same bits on a page that has neither
// Node's globals nor the name SharedArrayBuffer, as one that was opened as a file.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { type RolldownBuild, rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetDigest } from '#lockstep/data/digest.js';
import { inline } from '#lockstep/parallel/inline.js';
import { goldenExperiments, resolve, runToEnd, syntheticDataset } from '../../scripts/golden.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
let bundle: RolldownBuild;

beforeAll(async () => {
  bundle = await rolldown({ cwd: root, input: 'test/support/browser-page.mjs', platform: 'browser' });
});
afterAll(() => bundle.close());

test('nothing of Node is in the bundle', async () => {
  const { output } = await bundle.generate({ format: 'esm' });
  expect(output).toHaveLength(1);
  const { imports, dynamicImports, moduleIds, code } = output[0];
  expect([...imports, ...dynamicImports]).toEqual([]);
  expect(code).not.toMatch(/['"`]node:|\bSharedArrayBuffer\b|\bprocess\.|\bBuffer\.|\bsetImmediate\b/);
  // It is the trainer, and not an empty shell.
  const files = moduleIds.map((file) => file.slice(root.length).replaceAll('\\', '/'));
  for (const file of ['training/train', 'layers/dense', 'platform/browser/shared-memory']) {
    expect(files).toContain(`dist/src/${file}.js`);
  }
});

describe('on a page', () => {
  const dataset = syntheticDataset();
  let page: object;

  beforeAll(async () => {
    const { output } = await bundle.generate({ format: 'iife', name: 'page' });
    const browser = { MessageChannel, TextEncoder, performance, setTimeout, clearTimeout, crypto };
    page = createContext({ ...browser, dataset, setInterval, clearInterval });
    runInContext('delete globalThis.SharedArrayBuffer', page);
    expect(runInContext('typeof SharedArrayBuffer + typeof process + typeof setImmediate', page)).toBe(
      'undefined'.repeat(3),
    );
    runInContext(output[0].code, page);
  });

  test.each(['kernels.wasm', 'kernels-turbofan.wasm'])('%s trains to the same bits', async (file) => {
    Object.assign(page, { kernels: readFileSync(`${root}/dist/src/kernels/${file}`) });
    for (const settings of Object.values(goldenExperiments)) {
      const experiment = resolve(settings);
      const { end } = await runToEnd(experiment, dataset, inline());
      const text = JSON.stringify(experiment);
      const found = await runInContext(`page.trainOnPage(kernels, ${text}, dataset)`, page);
      const { weightsSha256, test } = end;
      // Objects of the page have prototypes of their own, and arrays of other types.
      const expected = { weightsSha256, test, dataSha256: datasetDigest(dataset) };
      expect(JSON.stringify(found)).toBe(JSON.stringify(expected));
    }
  });
});
