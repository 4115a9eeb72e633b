// The live page in a browser: it grows, has a button with the token alone, and ends as the report.
import { expect, onTestFinished, test } from 'vitest';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { addressIn } from '../support/live.ts';
import { startTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';

describeInBrowser('a live page in a browser', () => {
  const open = useBrowser();

  test('grows, survives a reload, and becomes the report when its button is pressed', async () => {
    const cwd = await toyFolder();
    const args = ['toy.yaml', '--out', 'run', '--epochs', '1000000', '--quiet', '--live'];
    const training = startTrain(args, { cwd });
    onTestFinished(() => training.kill('SIGKILL'));
    await training.complains('/#token=');
    const { url, base } = addressIn(training.stderr());
    const { page } = await open(url, { width: 390 });
    const last = page.locator('[data-chart="Loss"] .u-series:first-child .u-value');
    const epoch = async () => Number(await last.textContent());
    await expect.poll(epoch, { timeout: 30_000 }).toBeGreaterThan(1);
    const before = await epoch();
    await expect.poll(epoch, { timeout: 30_000 }).toBeGreaterThan(before);
    await expectToFit(page);
    await page.reload();
    await expect.poll(epoch, { timeout: 30_000 }).toBeGreaterThan(before);
    const second = await open(base);
    await second.page.locator('[data-chart="Loss"] canvas').waitFor();
    expect(await second.page.locator('[data-stop]').isVisible()).toBe(false);
    await page.locator('[data-stop]').click();
    await page.getByText('The training was stopped after').waitFor();
    // It is the report with the network, whose kernels the policy of the live page lets run, too.
    const said = await page.evaluate<{ probabilities: number[] }>('lockstep.predict(new Uint8Array(64))');
    expect(said.probabilities).toHaveLength(4);
    await second.page.getByText('The training was stopped after').waitFor();
    expect((await training.finished).code).toBe(130);
  }, 120_000);
});
