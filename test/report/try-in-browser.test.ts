// Networks that are tried in a page, in a browser: drawing, forms, and the bits of the command line.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import type { Signature } from '#lockstep/data/split.js';
import { tryPage } from '#lockstep/report/page/try-page.js';
import { describeInBrowser, eventually, useBrowser } from '../support/browser.ts';
import { drawnNetwork, gaps, words } from '../support/exported.ts';
import { runTrain, temporary } from '../support/run-cli.ts';
import { type DrawnRun, dense, digits, drawLines, pageOf, said, trainToDraw } from '../support/try-page.ts';

const ring = Array.from(
  { length: 17 },
  (_, i) => [0.5 + 0.19 * Math.sin((i * Math.PI) / 8), 0.5 - 0.28 * Math.cos((i * Math.PI) / 8)] as const,
);

describeInBrowser('drawing', () => {
  const open = useBrowser();
  let drawn: DrawnRun;

  beforeAll(async () => {
    drawn = await trainToDraw();
  }, 60_000);
  afterAll(() => rmSync(drawn.cwd, { recursive: true }));

  test('digits that are drawn with a pointer are recognised, and the page asks for nothing', async () => {
    const { page, complaints, requests } = await open(drawn.report);
    const drawings = {
      0: [ring],
      1: [[[0.52, 0.2] as const, [0.48, 0.8] as const]],
      7: [[[0.3, 0.25] as const, [0.7, 0.25] as const, [0.55, 0.5] as const, [0.45, 0.8] as const]],
    };
    for (const [digit, lines] of Object.entries(drawings)) {
      await drawLines(page, ...lines);
      await eventually(() => said(page).textContent()).toMatch(new RegExp(`^${digit}, `));
      expect(await page.locator('.odds .said b').textContent()).toBe(digit);
      await eventually(() => page.locator('.try-heard').textContent()).toMatch(new RegExp(`^${digit}, `));
      await page.getByRole('button', { name: 'Clear' }).click();
      await eventually(() => said(page).textContent()).toBe('');
    }
    expect(requests).toEqual([drawn.report]);
    expect(complaints).toEqual([]);
  });

  test('200 test images have the probabilities that the command line writes, bit for bit', async () => {
    const { features } = (await openDataset('mnist')).test;
    const images = features.slice(0, 200 * 784);
    const lines = Array.from({ length: 200 }, (_, i) => images.slice(784 * i, 784 * (i + 1)).join());
    writeFileSync(join(drawn.cwd, 'images.csv'), `${lines.join('\n')}\n`);
    const args = ['predict', 'run', 'images.csv', '--probabilities', '--out', 'predictions.csv'];
    expect((await runTrain(args, { cwd: drawn.cwd })).code).toBe(0);
    const written = readFileSync(join(drawn.cwd, 'predictions.csv'), 'utf8').trim().split('\n').slice(1);
    const expected = written.map((line) => line.split(',').slice(1).map(Number));
    expect(expected).toHaveLength(200);
    for (const url of [drawn.report, drawn.alone]) {
      const { page, requests } = await open(url);
      const found = await page.evaluate<number[][]>(`(() => {
        const bytes = Uint8Array.from(atob('${Buffer.from(images).toString('base64')}'), (c) => c.charCodeAt(0));
        const rows = Array.from({ length: 200 }, (_, i) => bytes.subarray(784 * i, 784 * (i + 1)));
        return lockstep.predict(rows).map((one) => [one.class, ...one.probabilities]);
      })()`);
      expect(found).toEqual(expected);
      expect(requests).toEqual([url]);
    }
  });

  test('a test image lies on the sheet, and goes through the network as it is', async () => {
    const { page } = await open(drawn.report);
    const { features, targets } = (await openDataset('mnist')).test;
    await page.locator('[data-try]').scrollIntoViewIfNeeded();
    await page.locator('[data-try="ready"]').waitFor();
    for (const [button, of] of [
      ['next', 0],
      ['next', 1],
      ['before', 0],
    ] as const) {
      await page.locator(`[data-sample="${button}"]`).click();
      const name = (await page.locator('.try-sample').textContent())!;
      const index = Number(/#(\d+)/.exec(name)![1]);
      expect(index).toBeGreaterThanOrEqual(of);
      expect(name).toBe(`test image #${index}, actually ${targets[index]}`);
      const pixels = features.subarray(784 * index, 784 * (index + 1));
      await eventually(() => digits(page)).toEqual([...drawn.run.probabilities(pixels)]);
      const seen = await page.evaluate<number[]>(`(() => {
        const { data } = document.querySelector('.try-seen').getContext('2d').getImageData(0, 0, 28, 28);
        return Array.from({ length: 784 }, (_, i) => data[4 * i]);
      })()`);
      expect(seen).toEqual([...pixels]);
      expect(await page.locator('.odds .actual b').textContent()).toBe(String(targets[index]));
    }
    // Drawn over, it is a drawing.
    await drawLines(page, [
      [0.1, 0.1],
      [0.2, 0.1],
    ]);
    await eventually(() => page.locator('.try-sample').textContent()).toBe('');
    await page.getByRole('button', { name: 'Undo' }).click();
    await eventually(() => page.locator('.try-sample').textContent()).toMatch(/^test image #/);
  });
});

describeInBrowser('forms and other networks', () => {
  const open = useBrowser();
  let cwd: string;
  beforeAll(() => {
    cwd = temporary();
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('classes from numbers and words, with gaps', async () => {
    const samples = [
      { index: 4, input: [0, 2004.25, 1, null], actual: [1] },
      { index: 9, input: [2, null, null, 11], actual: [0] },
    ];
    const model = [dense(6), 'tanh', dense('classes')];
    const { url, model: here } = await pageOf(cwd, words, { model }, samples, 'category');
    const { page, complaints } = await open(url);
    const expectRow = (...cells: number[]) =>
      eventually(() => digits(page)).toEqual([...here.probabilities(Float64Array.from(cells))]);
    const gap = Number.NaN;
    await expectRow(0, 2004.25, 1, gap);
    expect(await page.locator('.try-sample').textContent()).toBe('test row #4, actually yes');
    await page.getByRole('button', { name: 'the next row' }).click();
    await expectRow(2, gap, gap, 11);
    await page.getByLabel('year', { exact: true }).fill('1987.1');
    await expectRow(2, 1987.1, gap, 11);
    expect(await page.locator('.try-sample').textContent()).toBe('');
    await page.getByLabel('town').selectOption('Bodø');
    await page.getByLabel('label').selectOption('— another word —');
    await expectRow(1, 1987.1, 2, 11);
    await page.getByLabel('area, slider').focus();
    await page.keyboard.press('Home');
    const area = Number(await page.getByLabel('area', { exact: true }).inputValue());
    await expectRow(1, 1987.1, 2, area);
    expect(await said(page).textContent()).toMatch(/^(no|yes|perhaps), /);
    expect(complaints).toEqual([]);
  });

  test('values, and a gap where the training had none', async () => {
    const settings = { model: [dense(6), 'tanh', dense('targets')], loss: 'mean-squared-error' };
    const samples = [
      { index: 0, input: [1, 2, null], actual: [1000, -3] },
      { index: 1, input: [3, 2.5, 1], actual: [900, -2] },
    ];
    const { url, model } = await pageOf(cwd, gaps, settings, samples, 'mean');
    const { page } = await open(url);
    await eventually(() => digits(page)).toEqual([...model.predict(Float64Array.of(1, 2, Number.NaN))]);
    expect(await page.locator('.odds small').allTextContents()).toEqual(['it is 1000', 'it is -3']);
    await page.getByLabel('b', { exact: true }).fill('');
    await eventually(() => said(page).textContent()).toBe(
      'b: expected a number, as in every row of the training',
    );
    expect(await page.getByLabel('b', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('b', { exact: true }).fill('0.125');
    await eventually(() => digits(page)).toEqual([...model.predict(Float64Array.of(1, 0.125, Number.NaN))]);
  });

  test('colour pictures are drawn in colours', async () => {
    const colours: Signature = {
      features: { kind: 'bytes', shape: [10, 14, 3] },
      targets: { kind: 'classes', count: 3, names: ['a', 'b', '<i>c</i>'] },
      preparation: { kind: 'pixels' },
      unit: { mean: [0], deviation: [1] },
    };
    const drawn = drawnNetwork(colours, { model: [dense(6), dense('classes')] });
    const profile = {
      shape: [10, 14, 3],
      range: [0, 255],
      blank: false,
      resized: true,
      drawings: null,
    } as const;
    const file = join(cwd, 'colours.html');
    writeFileSync(file, tryPage({ ...drawn.exported, profile, samples: [] }));
    const { page } = await open(pathToFileURL(file).href);
    await page.locator('[data-pen="colour"]').fill('#ff0000');
    await drawLines(page, [
      [7.5 / 14, 0.2],
      [7.5 / 14, 0.8],
    ]);
    const seen = () =>
      page.evaluate<number[]>(`(() => {
        const { data } = document.querySelector('.try-seen').getContext('2d').getImageData(0, 0, 14, 10);
        return [...data].filter((_, i) => i % 4 < 3);
      })()`);
    const middle = 3 * (5 * 14 + 7);
    await eventually(async () => (await seen()).slice(middle, middle + 3)).toEqual([255, 0, 0]);
    await eventually(async () => [...drawn.model.probabilities(Uint8Array.from(await seen()))]).toEqual(
      await digits(page),
    );
    expect(await page.locator('.odds b').last().textContent()).toBe('<i>c</i>');
  });
});
