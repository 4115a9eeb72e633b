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
    // A weak training, so that there are mistakes to look at.
    const weak = toyExperiment.replace('learningRate: 0.1, momentum: 0.9', 'learningRate: 0.003');
    cwd = await toyFolder(weak, temporary());
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

  test('a logarithmic scale is for losses and other numbers, not for shares', async () => {
    const { page, complaints } = await open(url);
    const drawn = (title: string) =>
      page.evaluate<string>(`document.querySelector('[data-chart="${title}"] canvas').toDataURL()`);
    const before = [await drawn('Loss'), await drawn('Accuracy')];
    await page.getByLabel('log scale').focus();
    await page.keyboard.press('Space');
    expect(await page.getByLabel('log scale').isChecked()).toBe(true);
    expect(await drawn('Loss')).not.toBe(before[0]);
    expect(await drawn('Accuracy')).toBe(before[1]);
    await page.keyboard.press('Space');
    expect(await drawn('Loss')).toBe(before[0]);
    expect(complaints).toEqual([]);
  });

  test('smoothing is a weighted mean of what came before, and the figures stay readable', async () => {
    const { page, complaints } = await open(url);
    const legend = page.locator('[data-chart="Loss"] .u-series:not(.raw) .u-value');
    const [, last] = await legend.allTextContents();
    await page.getByLabel('smoothing').focus();
    await page.getByLabel('smoothing').fill('0.47');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    expect(await page.locator('output[data-look]').textContent()).toBe('0.50');
    const [, both] = await legend.allTextContents();
    const [, raw, mean] = /^(\S+) \(smoothed (\S+)\)$/.exec(both!)!;
    expect(raw).toBe(last);
    const [loss] = JSON.parse((await page.locator('#charts').textContent())!);
    const [a, b, c]: number[] = loss.series[0].values;
    // Each counts half as much as the one after it.
    expect(Number(mean)).toBeCloseTo((a! + 2 * b! + 4 * c!) / 7, 3);
    // Switched off in the legend, a line goes with its smoothed one, and stays off.
    const name = page.locator('[data-chart="Loss"] .u-series:not(.raw) th', { hasText: 'training' });
    await name.click();
    const off = page.locator('[data-chart="Loss"] .u-series.u-off');
    expect(await off.count()).toBe(2);
    await page.getByLabel('smoothing').fill('0');
    expect(await off.count()).toBe(1);
    expect(await legend.allTextContents()).toContain(last);
    expect(complaints).toEqual([]);
  });

  test('the mistakes of a cell of the matrix appear at a click, and go at another', async () => {
    const { page, complaints } = await open(url);
    const place = page.locator('.mistakes');
    const cells = page.locator('.heat [data-cell]');
    expect(await place.locator('.card').count()).toBe(0);
    expect(await cells.count()).toBeGreaterThan(2);
    for (const cell of [cells.first(), cells.last()]) {
      const count = Number(await cell.textContent());
      const [actual, predicted] = (await cell.getAttribute('data-cell'))!.split('-');
      await cell.click();
      expect(await cell.getAttribute('aria-pressed')).toBe('true');
      expect(await page.locator('.heat [aria-pressed="true"]').count()).toBe(1);
      expect(await place.locator('h3').textContent()).toBe(`${actual} taken for ${predicted}`);
      const cards = await place.locator('.card').allTextContents();
      expect(cards).toHaveLength(Math.min(count, 8));
      for (const card of cards) expect(card).toContain(`${actual} taken for ${predicted}`);
      if (count > 8) expect(await place.textContent()).toContain(`The 8 of ${count} images`);
    }
    await cells.last().focus();
    await page.keyboard.press('Enter');
    expect(await place.locator('.card').count()).toBe(0);
    expect(await page.locator('[aria-pressed="true"]').count()).toBe(0);
    // The list has the same cells.
    await page.locator('.confusions [data-cell]').first().click();
    expect(await place.locator('.card').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test('without scripts there is nothing to set or to click, and the drawings are there', async () => {
    const { page } = await open(url, { scripts: false });
    expect(await page.getByLabel('smoothing').isVisible()).toBe(false);
    expect(await page.getByText('A click on a count').isVisible()).toBe(false);
    expect(await page.locator('.heat td.miss').first().isVisible()).toBe(true);
    expect(await page.locator('.mistakes .card').count()).toBe(0);
    expect(await page.locator('svg.network').isVisible()).toBe(true);
  });

  test('on paper two charts stand in a row, and nothing is beyond its edge', async () => {
    // As wide as a sheet of A4.
    const { page } = await open(url, { width: 720 });
    await page.emulateMedia({ media: 'print' });
    await expectToFit(page);
    const boxes = await page.evaluate<{ top: number; left: number; right: number; drawn: number }[]>(
      `[...document.querySelectorAll('[data-chart]')].map((chart) => {
        const { top, left, right } = chart.getBoundingClientRect();
        return { top, left, right, drawn: chart.querySelector('canvas').getBoundingClientRect().right };
      })`,
    );
    expect(boxes[0]!.top).toBe(boxes[1]!.top);
    expect(boxes[0]!.right).toBeLessThan(boxes[1]!.left);
    for (const { right, drawn } of boxes) expect(drawn).toBeLessThanOrEqual(right + 1);
  });

  test('fits a window of 390 pixels', async () => {
    const { page, complaints } = await open(url, { width: 390, dark: true });
    await expectToFit(page);
    expect(complaints).toEqual([]);
  });
});
