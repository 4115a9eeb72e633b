// A network that is tried in a page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { likeMnist } from '#lockstep/data/pictures/profile.js';
import type { Signature } from '#lockstep/data/split.js';
import { readExported } from '#lockstep/export/exported.js';
import { htmlOf } from '#lockstep/export/html.js';
import { tryPage } from '#lockstep/report/page/try-page.js';
import { openRun, type TrainedRun } from '#lockstep/run/open-run.js';
import { drawnNetwork } from './exported.ts';
import { runTrain, temporary } from './run-cli.ts';

export const dense = (units: number | string) => ({ kind: 'dense', units });

/** Draws lines through points, shares of the sheet's width and height. */
export async function drawLines(page: Page, ...lines: (readonly [x: number, y: number])[][]): Promise<void> {
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

export const said = (page: Page) => page.locator('.try-said');
/** All digits of the probabilities or values, in the order of their names. */
export const digits = (page: Page) =>
  page.locator('.odds span').evaluateAll((spans) => spans.map((span) => Number(span.getAttribute('title'))));

export interface DrawnRun {
  cwd: string;
  run: TrainedRun;
  /** The addresses of the report, and of the exported page alone. */
  report: string;
  alone: string;
}

/** Trains on a part of MNIST, in a folder that the caller removes. */
export async function trainToDraw(): Promise<DrawnRun> {
  const cwd = temporary();
  const settings = ['--set', 'data.training=12000', '--epochs', '2', '--quiet'];
  expect((await runTrain(['mnist', '--out', 'run', ...settings], { cwd })).code).toBe(0);
  const { page, losses } = await htmlOf(await readExported(join(cwd, 'run')));
  expect(losses).toEqual([]);
  writeFileSync(join(cwd, 'draw.html'), page);
  return {
    cwd,
    run: await openRun(join(cwd, 'run')),
    report: pathToFileURL(join(cwd, 'run/report.html')).href,
    alone: pathToFileURL(join(cwd, 'draw.html')).href,
  };
}

/** Writes a page with a network of drawn numbers; its address, and the same network here. */
export async function pageOf(
  cwd: string,
  signature: Signature,
  settings: object,
  samples: object[] = [],
  missing = 'refuse',
) {
  const drawn = drawnNetwork(signature, { ...settings, data: { source: 'x', missing } });
  const { features } = signature;
  const [height, width = 1] = features.shape;
  const profile = features.kind === 'bytes' ? likeMnist({ height, width }) : undefined;
  const file = join(cwd, 'page.html');
  writeFileSync(file, tryPage({ ...drawn.exported, profile, samples: samples as never }));
  return { url: pathToFileURL(file).href, model: drawn.model };
}
