// The pages about several runs in a browser: they draw their curves, need nothing else, and fit a phone.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { toyExperiment } from '../support/toy-data.ts';
import { toyFolder } from '../support/toy-folder.ts';

describeInBrowser('the pages of several runs in a browser', () => {
  const open = useBrowser();
  let cwd: string;
  const url = (file: string) => pathToFileURL(join(cwd, file)).href;

  beforeAll(async () => {
    cwd = await toyFolder(toyExperiment, temporary());
    const name = 'a-name-that-is-so-long-that-no-phone-has-room-for-it-in-one-line';
    expect((await runTrain(['toy.yaml', '--out', `runs/${name}`, '--quiet'], { cwd })).code).toBe(0);
    const seeds = ['toy.yaml', '--seeds', '2', '--out', 'runs/seeds', '--set', 'batchSize=50', '--quiet'];
    expect((await runTrain(seeds, { cwd })).code).toBe(0);
    expect((await runTrain(['report', `runs/${name}`, 'runs/seeds'], { cwd })).code).toBe(0);
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test.each(['comparison.html', 'runs/seeds/report.html'])(
    '%s draws its curves, and asks for nothing',
    async (file) => {
      const { page, complaints, requests } = await open(url(file));
      expect(await page.locator('[data-chart] canvas').count()).toBe(2);
      expect(requests).toEqual([url(file)]);
      expect(complaints).toEqual([]);
    },
  );

  test('a run has one colour, in the table and in its curves', async () => {
    const { page } = await open(url('comparison.html'));
    const styles = (selector: string, what: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('${selector}')].map((one) => getComputedStyle(one).${what})`,
      );
    const [fill] = await styles('td .run[style*="--run-2"], th .run[style*="--run-2"]', 'backgroundColor');
    expect(fill).toMatch(/^rgb\(\d+, \d+, \d+\)$/);
    const markers = '[data-chart="Loss"] .u-marker';
    expect((await styles(markers, 'borderTopColor')).slice(-2)).toEqual([fill, fill]);
    expect((await styles(markers, 'borderTopStyle')).slice(-4)).toEqual([
      'dashed',
      'solid',
      'dashed',
      'solid',
    ]);
  });

  test('the page of a seed opens by a click', async () => {
    const { page } = await open(url('runs/seeds/report.html'));
    await page.getByRole('link', { name: '6', exact: true }).click();
    await page.waitForURL(url('runs/seeds/seed-6/report.html'));
    expect(await page.title()).toBe('toy, seed 6 · Lockstep');
  });

  test.each([
    ['comparison.html', 1200, false],
    ['comparison.html', 390, true],
    ['runs/seeds/report.html', 1200, true],
    ['runs/seeds/report.html', 390, false],
  ])('%s fits a window of %i pixels', async (file, width, dark) => {
    const { page, complaints } = await open(url(file), { width, dark });
    await expectToFit(page);
    expect(complaints).toEqual([]);
  });
});
