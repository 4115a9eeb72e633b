// The examples of docs/library.md, as they stand there, each as a stranger's program.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Example, prepareExamples, readExamples } from '../../scripts/library/examples.mjs';

/** What each prints; a run's digest is not pinned here. */
export const printed: Record<string, RegExp> = {
  'Train from arrays': /^accuracy 0\.9\d* [0-9a-f]{64}\n$/,
  'Predict from memory': /^37 degrees are 98\.6\n$/,
  'Watch and stop': /^true after \d+(\.\d+)? epochs\n$/,
  'Save, open, go on': /^saved 1\ntuned 1\n$/,
  'A layer of your own': /^gradients true\nr2 0\.9\d*\nsoft-sign\.js\n$/,
  'An optimizer of your own': /^1 ([0-9a-f]{64})\n3 \1\n$/,
  'A figure of your own': /^(\d 0\.\d{3}\n)+kappa 0\.[678]\d*\n$/,
  'An HTTP server': /^\{"kind":"tiger"\}\n$/,
  'In a browser': /^\{"r2":(1|0\.99\d*),"weightsSha256":"([0-9a-f]{64})"\} \2\n$/,
  CommonJS: /^accuracy 1\n$/,
};

/** To be called where a test file begins; the functions are for its tests. */
export function libraryExamples() {
  let examples: Example[];
  let folder: string;
  beforeAll(async () => {
    examples = await readExamples();
    folder = await prepareExamples(examples);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    titles: () => examples.map(({ title }) => title),
    async expectToPrint(title: string): Promise<void> {
      const example = examples.find((one) => one.title === title)!;
      const { stdout, stderr } = await example.run(process.execPath);
      expect(stderr).toBe('');
      expect(stdout).toMatch(printed[title]!);
    },
  };
}
