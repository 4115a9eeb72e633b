// Takes the pictures of pages that the docs show: docs/live.png, in mid-training, docs/report.png, and
// docs/draw.png, on which a 7 is drawn.
//
//   npm run page-pictures     needs Chromium (CHROMIUM_PATH, or /usr/bin/chromium)
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/src/cli/main.js');
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const viewport = { width: 1120, height: 1000 };

const folder = mkdtempSync(join(tmpdir(), 'lockstep-pictures-'));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport, colorScheme: 'light' });
  const args = [program, 'mnist', '--live', '--out', 'run', '--epochs', '40'];
  const training = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => training.once('close', resolve));
  let told = '';
  for await (const chunk of training.stderr) {
    told += chunk;
    const [, address] = /^live\s+(http\S+)$/m.exec(told) ?? [];
    if (!address) continue;
    await page.goto(address);
    // Of 40 epochs more than ten are drawn.
    await page.waitForTimeout(14_000);
    await page.screenshot({ path: join(root, 'docs/live.png') });
    break;
  }
  training.stderr.resume();
  if ((await ended) !== 0) throw new Error(told);
  await page.goto(pathToFileURL(join(folder, 'run/report.html')).href);
  await page.screenshot({ path: join(root, 'docs/report.png') });
  await drawSeven(page);
  await page.locator('[data-try]').screenshot({ path: join(root, 'docs/draw.png') });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Draws on the sheet of the report. */
async function drawSeven(page) {
  await page.locator('[data-try]').scrollIntoViewIfNeeded();
  const { x, y, width, height } = await page.locator('[data-try="ready"] .try-sheet canvas').boundingBox();
  const points = [
    [0.28, 0.24],
    [0.7, 0.22],
    [0.6, 0.45],
    [0.5, 0.62],
    [0.44, 0.82],
  ];
  for (const [i, [across, down]] of points.entries()) {
    await page.mouse.move(x + across * width, y + down * height, { steps: 8 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
  // Until the bars stand still.
  await page.waitForTimeout(800);
}
