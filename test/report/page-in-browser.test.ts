// The page of a run in a browser: it draws its curves, needs nothing else, and fits a phone.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describeInBrowser('the page of a run in a browser', () => {
  const open = useBrowser();
  let cwd: string;
  let url: string;

  beforeAll(async () => {
    cwd = await toyFolder(toyExperiment, temporary());
    expect((await runTrain(['toy.yaml', '--out', 'run'], { cwd })).code).toBe(0);
    url = pathToFileURL(join(cwd, 'run/report.html')).href;
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('draws a curve for each figure, and asks for nothing', async () => {
    const { page, complaints, requests } = await open(url);
    const figures = await page.locator('[data-chart]').count();
    expect(figures).toBeGreaterThan(3);
    expect(await page.locator('[data-chart] canvas').count()).toBe(figures);
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
  });

  test('shows the values under the pointer in all curves', async () => {
    const { page } = await open(url);
    const epochs = page.locator('[data-chart] .u-series:first-child .u-value');
    const last = await epochs.allTextContents();
    await page.locator('[data-chart="Loss"] .u-over').hover({ position: { x: 2, y: 40 } });
    const first = await epochs.allTextContents();
    expect(new Set(last).size).toBe(1);
    expect(new Set(first)).toEqual(new Set(['1']));
    expect(last[0]).not.toBe('1');
  });

  test.each([
    [1200, false],
    [390, true],
  ])('fits a window of %i pixels', async (width, dark) => {
    const { page, complaints } = await open(url, { width, dark });
    await expectToFit(page);
    expect(complaints).toEqual([]);
  });
});
