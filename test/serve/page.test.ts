// The page of a server: in its headers only its own programs may run, and it answers as the server does.
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { readTrained } from '#lockstep/run/read-trained.js';
import { usualLimits } from '#lockstep/serve/limits.js';
import { modelFacts } from '#lockstep/serve/model-facts.js';
import { pageReply, triedNetwork } from '#lockstep/serve/page.js';
import { servedNetwork } from '#lockstep/serve/served-network.js';
import { describeInBrowser, eventually, useBrowser } from '../support/browser.ts';
import { predict, serveRun, trainedRun } from '../support/served.ts';

async function replyOf(kind: Parameters<typeof trainedRun>[0], url = 'http://127.0.0.1:1') {
  const folder = await trainedRun(kind);
  const trained = await readTrained(folder);
  const { served } = await servedNetwork(trained, usualLimits);
  return pageReply(modelFacts(folder, trained, usualLimits), triedNetwork(trained, served.profile), url);
}

test('only the programs and styles of the page itself may run', async () => {
  const { text, headers } = await replyOf('classes');
  const policy = headers!['content-security-policy']!;
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-/);
  expect(policy).not.toContain('unsafe-inline');
  const hash = (contents: string) => `'sha256-${createHash('sha256').update(contents).digest('base64')}'`;
  const [, program] = /<script type="text\/plain" id="try-program">([\s\S]*?)<\/script>/.exec(text)!;
  expect(policy).toContain(hash(program!));
  expect(text).not.toMatch(/ style="| onclick=/);
  // Names of a user are texts: a class of this table is `<b>yew</b>`.
  expect(text).not.toContain('<b>yew');
  expect(text).toContain('curl http://127.0.0.1:1/predict');
});

describeInBrowser('the page of a server in a browser', () => {
  const open = useBrowser();
  const digits = (page: Page) =>
    page.locator('.odds span').evaluateAll((all) => all.map((span) => Number(span.getAttribute('title'))));

  test('a form whose answers come from the page', async () => {
    const { url, trouble } = await serveRun(await trainedRun('flags'), {}, false);
    const { page, complaints } = await open(url);
    await page.getByLabel('x', { exact: true }).fill('0.75');
    await page.getByLabel('place').selectOption('— another word —');
    const idle = Number(await page.getByLabel('idle', { exact: true }).inputValue());
    const { json } = await predict(url, [{ x: 0.75, idle, place: 'nowhere' }]);
    const [{ flags, probabilities }] = json.predictions;
    await eventually(() => digits(page)).toEqual([probabilities.wet, probabilities.cold]);
    const word = (flag: number) => ['no', 'yes'][flag];
    expect(await page.locator('.try-said').textContent()).toBe(
      `wet ${word(flags.wet)}, cold ${word(flags.cold)}`,
    );
    expect([complaints, trouble]).toEqual([[], []]);
  });

  test('a drawing whose answers come from the server', async () => {
    const { url } = await serveRun(await trainedRun('pictures'), {}, true);
    const { page, complaints } = await open(url);
    await page.locator('[data-try="ready"] canvas').first().focus();
    for (const key of [' ', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await eventually(() => page.locator('.try-heard').textContent()).not.toBe('');
    const pixels = await page.evaluate<number[]>(`(() => {
      const { data } = document.querySelector('.try-seen').getContext('2d').getImageData(0, 0, 8, 8);
      return Array.from({ length: 64 }, (_, i) => data[4 * i]);
    })()`);
    const { json } = await predict(url, [pixels]);
    const [prediction] = json.predictions;
    expect(await digits(page)).toEqual(['0', '1', '2', '3'].map((name) => prediction.probabilities[name]));
    expect(await page.locator('.odds .said b').textContent()).toBe(String(prediction.class));
    expect(complaints).toEqual([]);
  });
});
