// Networks that are tried in a page, in a browser: drawing, forms, and the bits of the command line.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '#lockstep/data/open-dataset.js';
import { prepareImage } from '#lockstep/data/pictures/prepare.js';
import { likeMnist } from '#lockstep/data/pictures/profile.js';
import { decodePicture } from '#lockstep/data/pictures/read.js';
import type { Signature } from '#lockstep/data/split.js';
import { readExported } from '#lockstep/export/exported.js';
import { htmlOf } from '#lockstep/export/html.js';
import { tryPage } from '#lockstep/report/page/try-page.js';
import { openRun, type TrainedRun } from '#lockstep/run/open-run.js';
import { describeInBrowser, eventually, expectToFit, useBrowser } from '../support/browser.ts';
import { drawnNetwork, gaps, numbers, withTargets, words } from '../support/exported.ts';
import { runTrain, temporary } from '../support/run-cli.ts';

const dense = (units: number | string) => ({ kind: 'dense', units });

/** Draws lines through points, shares of the sheet's width and height. */
async function drawLines(page: Page, ...lines: (readonly [x: number, y: number])[][]): Promise<void> {
  const sheet = page.locator('[data-try="ready"] .try-sheet canvas');
  await page.locator('[data-try]').scrollIntoViewIfNeeded();
  await sheet.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await sheet.boundingBox())!;
  for (const points of lines) {
    for (const [i, [across, down]] of points.entries()) {
      await page.mouse.move(x + across * width, y + down * height, { steps: i === 0 ? 1 : 2 });
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

const said = (page: Page) => page.locator('.try-said');
/** All digits of the probabilities or values, in the order of their names. */
const digits = (page: Page) =>
  page.locator('.odds span').evaluateAll((spans) => spans.map((span) => Number(span.getAttribute('title'))));
const ring = Array.from(
  { length: 17 },
  (_, i) => [0.5 + 0.19 * Math.sin((i * Math.PI) / 8), 0.5 - 0.28 * Math.cos((i * Math.PI) / 8)] as const,
);

describeInBrowser('drawing', () => {
  const open = useBrowser();
  let cwd: string;
  let run: TrainedRun;
  let report: string;
  let alone: string;

  beforeAll(async () => {
    cwd = temporary();
    const settings = ['--set', 'data.training=12000', '--epochs', '2', '--quiet'];
    expect((await runTrain(['mnist', '--out', 'run', ...settings], { cwd })).code).toBe(0);
    run = await openRun(join(cwd, 'run'));
    report = pathToFileURL(join(cwd, 'run/report.html')).href;
    const { page, losses } = await htmlOf(await readExported(join(cwd, 'run')));
    expect(losses).toEqual([]);
    writeFileSync(join(cwd, 'draw.html'), page);
    alone = pathToFileURL(join(cwd, 'draw.html')).href;
  }, 60_000);
  afterAll(() => rmSync(cwd, { recursive: true }));

  test('digits that are drawn with a pointer are recognised, and the page asks for nothing', async () => {
    const { page, complaints, requests } = await open(report);
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
    expect(requests).toEqual([report]);
    expect(complaints).toEqual([]);
  });

  test('1,000 test images have the probabilities that the command line writes, bit for bit', async () => {
    const { features } = (await openDataset('mnist')).test;
    const images = features.slice(0, 1000 * 784);
    const lines = Array.from({ length: 1000 }, (_, i) => images.slice(784 * i, 784 * (i + 1)).join());
    writeFileSync(join(cwd, 'images.csv'), `${lines.join('\n')}\n`);
    const args = ['predict', 'run', 'images.csv', '--probabilities', '--out', 'predictions.csv'];
    expect((await runTrain(args, { cwd })).code).toBe(0);
    const written = readFileSync(join(cwd, 'predictions.csv'), 'utf8').trim().split('\n').slice(1);
    const expected = written.map((line) => line.split(',').slice(1).map(Number));
    expect(expected).toHaveLength(1000);
    for (const url of [report, alone]) {
      const { page, requests } = await open(url);
      const found = await page.evaluate<number[][]>(`(() => {
        const bytes = Uint8Array.from(atob('${Buffer.from(images).toString('base64')}'), (c) => c.charCodeAt(0));
        const rows = Array.from({ length: 1000 }, (_, i) => bytes.subarray(784 * i, 784 * (i + 1)));
        return lockstep.predict(rows).map((one) => [one.class, ...one.probabilities]);
      })()`);
      expect(found).toEqual(expected);
      expect(requests).toEqual([url]);
    }
  });

  test('a test image lies on the sheet, and goes through the network as it is', async () => {
    const { page } = await open(report);
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
      await eventually(() => digits(page)).toEqual([...run.probabilities(pixels)]);
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

  test('a saved drawing has the same bits for the command line, and when it is opened again', async () => {
    const { page } = await open(alone);
    await drawLines(page, [
      [0.3, 0.3],
      [0.7, 0.3],
      [0.4, 0.8],
    ]);
    await page.locator('.try summary').click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    const file = join(cwd, 'drawing.png');
    await (await downloading).saveAs(file);
    const picture = await decodePicture(readFileSync(file), file);
    const prepared = prepareImage(picture, { height: 28, width: 28 }, run.signature.pictures)!;
    const shown = [...run.probabilities(prepared.pixels)];
    await eventually(() => digits(page)).toEqual(shown);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.try input[type="file"]').setInputFiles(file);
    await eventually(() => digits(page)).toEqual(shown);
    await page.locator('.try input[type="file"]').setInputFiles(join(cwd, 'run/config.yaml'));
    await eventually(() => said(page).textContent()).toMatch(/^config\.yaml: expected a picture/);
  });

  test('the keyboard draws, takes back and clears', async () => {
    const { page } = await open(report, { width: 390, dark: true });
    await page.locator('[data-try]').scrollIntoViewIfNeeded();
    await page.locator('[data-try="ready"] .try-sheet canvas').focus();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Shift+ArrowUp', 'Shift+ArrowUp', ' ', ...Array(4).fill('Shift+ArrowDown'), ' ');
    await eventually(() => said(page).textContent()).toMatch(/^1, /);
    expect(await page.locator('.try-pen').isVisible()).toBe(true);
    // It is read aloud once it stays.
    await eventually(() => page.locator('.try-heard').textContent()).toMatch(/^1, /);
    const one = await digits(page);
    // Held down, the pen draws until Space is let go.
    await page.keyboard.down(' ');
    await press('Shift+ArrowRight', 'Shift+ArrowRight');
    await page.keyboard.up(' ');
    await eventually(() => digits(page)).not.toEqual(one);
    await press('ArrowRight', 'z');
    await eventually(() => digits(page)).toEqual(one);
    await press('Delete');
    await eventually(() => said(page).textContent()).toBe('');
    await expectToFit(page);
  });

  test('nothing is made ready before the part is near, nothing printed or shown without scripts', async () => {
    const { page } = await open(report);
    const ready = () => page.evaluate<boolean>('typeof lockstepProgram === "object"');
    await page.waitForTimeout(200);
    expect(await ready()).toBe(false);
    await drawLines(page, [
      [0.5, 0.2],
      [0.5, 0.8],
    ]);
    await eventually(ready).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.try').isVisible()).toBe(false);
    const without = await open(alone, { scripts: false });
    expect(await without.page.locator('.try-body').isVisible()).toBe(false);
    expect(await without.page.getByText('switched off').isVisible()).toBe(true);
  });
});

describeInBrowser('forms and other networks', () => {
  const open = useBrowser();
  let cwd: string;
  beforeAll(() => {
    cwd = temporary();
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  /** A page with a network of drawn numbers, and the same network here. */
  async function pageOf(signature: Signature, settings: object, samples: object[] = [], missing = 'refuse') {
    const drawn = drawnNetwork(signature, { ...settings, data: { source: 'x', missing } });
    const { features } = signature;
    const [height, width = 1] = features.shape;
    const profile = features.kind === 'bytes' ? likeMnist({ height, width }) : undefined;
    const file = join(cwd, 'page.html');
    writeFileSync(file, tryPage({ ...drawn.exported, profile, samples: samples as never }));
    return { ...(await open(pathToFileURL(file).href)), model: drawn.model };
  }

  test('classes from numbers and words, with gaps', async () => {
    const samples = [
      { index: 4, input: [0, 2004.25, 1, null], actual: [1] },
      { index: 9, input: [2, null, null, 11], actual: [0] },
    ];
    const model = [dense(6), 'tanh', dense('classes')];
    const { page, complaints, model: here } = await pageOf(words, { model }, samples, 'category');
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
    const { page, model } = await pageOf(gaps, settings, samples, 'mean');
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

  test('flags, without samples', async () => {
    const flags = withTargets(numbers, { kind: 'flags', names: ['wet', 'cold'] });
    const settings = { model: [dense(6), 'tanh', dense('targets')], loss: 'binary-cross-entropy' };
    const { page, model } = await pageOf(flags, settings);
    const expectRow = async (...cells: number[]) => {
      const row = Float64Array.from(cells);
      await eventually(() => digits(page)).toEqual([...model.probabilities(row)]);
      const [wet, cold] = Array.from(model.predict(row), (flag) => ['no', 'yes'][flag]);
      expect(await said(page).textContent()).toBe(`wet ${wet}, cold ${cold}`);
    };
    await expectRow(0, 0, 0, 0);
    await page.getByLabel('c', { exact: true }).fill('-3e-1');
    await expectRow(0, 0, -0.3, 0);
    expect(await page.locator('[data-sample]').count()).toBe(0);
  });

  test('a residual network with batch normalisation, of 8 x 8 pixels and 20 classes', async () => {
    const small: Signature = {
      features: { kind: 'bytes', shape: [8, 8, 1] },
      targets: { kind: 'classes', count: 20 },
      preparation: { kind: 'pixels' },
      unit: { mean: [0], deviation: [1] },
    };
    const block = { kind: 'residual', layers: [dense(16), 'batch-norm', 'relu', dense(16)] };
    const model = [dense(16), 'batch-norm', 'relu', block, dense('classes')];
    const { page, model: here } = await pageOf(small, { model });
    const images = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 64 }, (_, p) => ((i + 3) * (p + 11) * 7) % 256),
    );
    const likely = here.probabilities(Uint8Array.from(images.flat()));
    const found = await page.evaluate<number[]>(
      `lockstep.predict(${JSON.stringify(images)}).flatMap((one) => one.probabilities)`,
    );
    expect(found).toEqual([...likely]);
    await drawLines(page, [
      [0.3, 0.3],
      [0.7, 0.7],
    ]);
    await eventually(() => said(page).textContent()).not.toBe('');
    // The likeliest of many, in their order.
    const shown = await digits(page);
    expect(shown).toHaveLength(12);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
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
