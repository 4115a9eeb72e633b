// More of networks that are tried in a page: saved drawings, the keyboard, other networks.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareImage } from '#lockstep/data/pictures/prepare.js';
import { decodePicture } from '#lockstep/data/pictures/read.js';
import type { Signature } from '#lockstep/data/split.js';
import { describeInBrowser, eventually, expectToFit, useBrowser } from '../support/browser.ts';
import { numbers, withTargets } from '../support/exported.ts';
import { temporary } from '../support/run-cli.ts';
import { type DrawnRun, dense, digits, drawLines, pageOf, said, trainToDraw } from '../support/try-page.ts';

describeInBrowser('drawing', () => {
  const open = useBrowser();
  let drawn: DrawnRun;

  beforeAll(async () => {
    drawn = await trainToDraw();
  });
  afterAll(() => rmSync(drawn.cwd, { recursive: true }));

  test('a drawing that is saved has the same bits for the command line, and when it is opened again', async () => {
    const { page } = await open(drawn.alone);
    await drawLines(page, [
      [0.3, 0.3],
      [0.7, 0.3],
      [0.4, 0.8],
    ]);
    await page.locator('.try summary').click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    const file = join(drawn.cwd, 'drawing.png');
    await (await downloading).saveAs(file);
    const picture = await decodePicture(readFileSync(file), file);
    const prepared = prepareImage(picture, { height: 28, width: 28 }, drawn.run.signature.pictures)!;
    const shown = [...drawn.run.probabilities(prepared.pixels)];
    await eventually(() => digits(page)).toEqual(shown);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.try input[type="file"]').setInputFiles(file);
    await eventually(() => digits(page)).toEqual(shown);
    await page.locator('.try input[type="file"]').setInputFiles(join(drawn.cwd, 'run/config.yaml'));
    await eventually(() => said(page).textContent()).toMatch(/^config\.yaml: expected a picture/);
  });

  test('the keyboard draws, takes back and clears', async () => {
    const { page } = await open(drawn.report, { width: 390, dark: true });
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

  test('nothing is made ready before the part is near, and nothing is printed or shown without scripts', async () => {
    const { page } = await open(drawn.report);
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
    const without = await open(drawn.alone, { scripts: false });
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

  test('flags, without samples', async () => {
    const flags = withTargets(numbers, { kind: 'flags', names: ['wet', 'cold'] });
    const settings = { model: [dense(6), 'tanh', dense('targets')], loss: 'binary-cross-entropy' };
    const { url, model } = await pageOf(cwd, flags, settings);
    const { page } = await open(url);
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
    const { url, model: here } = await pageOf(cwd, small, { model });
    const { page } = await open(url);
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
});
