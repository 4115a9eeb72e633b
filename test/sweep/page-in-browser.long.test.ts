// The page of a sweep in a browser: it fits a phone, on which its charts stay legible, and cuts no name.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

const sweep = `${toyExperiment}sweep:
  method: random
  run_cap: 6
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.001, max: 1 }
    optimizer.weightDecay: { values: [0, 0.001, 0.01] }
    schedule: { values: [constant, { kind: cosine }] }
    model[0].initializer: { values: [he-normal, glorot-uniform] }
`;

describeInBrowser('the page of a sweep in a browser', () => {
  const open = useBrowser();
  let cwd: string;
  let url: string;

  beforeAll(async () => {
    cwd = await toyFolder(sweep, temporary());
    const { code, stderr } = await runTrain(['sweep', 'toy.yaml', '--out', 'out', '--quiet'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    url = pathToFileURL(join(cwd, 'out/report.html')).href;
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test.each([
    [1200, true],
    [390, false],
  ])('in a window of %i pixels it fits, asks for nothing, and shows names whole', async (width, dark) => {
    const { page, complaints, requests } = await open(url, { width, dark });
    await expectToFit(page);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
    // Each text lies within its drawing, and is no smaller than eight pixels there.
    const texts = await page.evaluate<[string, number, number, number][]>(
      `[...document.querySelectorAll('svg text')].map((text) => {
        const [own, around] = [text, text.ownerSVGElement].map((one) => one.getBoundingClientRect());
        return [text.textContent, own.left - around.left, around.right - own.right, own.height];
      })`,
    );
    expect(texts.length).toBeGreaterThan(20);
    const cut = texts.filter(([, left, right, height]) => left < 0 || right < 0 || height <= 8);
    expect(cut).toEqual([]);
  });

  test('a trial opens its folder, and the winner its page', async () => {
    const { page } = await open(url);
    expect(await page.locator('a[href^="trials/"]').count()).toBe(6);
    await page.getByRole('link', { name: 'report', exact: true }).click();
    await page.waitForURL(/best\/report\.html$/);
  });
});
