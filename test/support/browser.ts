// Pages in a real browser: Chromium, if this machine has one.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

const places = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const executablePath = places.find((path) => path !== '' && existsSync(path));

// The gate installs one, and says that it must be there.
if (executablePath === undefined && process.env.LOCKSTEP_BROWSER === 'required') {
  throw new Error('expected Chromium at CHROMIUM_PATH or in a usual place, got none');
}

/** Tests that need a browser; without one they are skipped. */
export const describeInBrowser: ReturnType<typeof describe.skipIf> = describe.skipIf(
  executablePath === undefined,
);

export interface Looked {
  page: Page;
  /** What the page complained of in its console, or failed with. */
  complaints: string[];
  /** What it asked for: nothing, if it is a file that has all in it. */
  requests: string[];
}

export interface View {
  width?: number;
  height?: number;
  dark?: boolean;
  /** False: as in a browser whose reader has switched scripts off. */
  scripts?: boolean;
}

/** A browser for the tests of a `describe`; each page is closed with it. */
export function useBrowser(): (url: string, view?: View) => Promise<Looked> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());
  return async (url, { width = 1200, height = 900, dark = false, scripts = true } = {}) => {
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: scripts,
    });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(url);
    return { page, complaints, requests };
  };
}

/** What a page comes to show, however busy the machine is. */
export const eventually = <Found>(
  read: () => Found | Promise<Found>,
): ReturnType<typeof expect.poll<Found>> => expect.poll(read, { timeout: 30_000 });

/** Nothing of the page is wider than the window, but for what scrolls by itself. */
export async function expectToFit(page: Page): Promise<void> {
  const surplus = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  await eventually(() => page.evaluate<number>(surplus)).toBeLessThanOrEqual(0);
}
