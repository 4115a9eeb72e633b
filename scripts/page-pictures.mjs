// Takes the pictures of pages that the README shows: docs/live.png, in mid-training, and docs/report.png.
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
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
