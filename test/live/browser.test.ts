// Live pages in a browser: they grow, have a button with the token alone, and end as the report.
import { appendFileSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { liveSweep } from '#lockstep/live/sweep.js';
import { watchRun } from '#lockstep/live/watch-run.js';
import { acquireLock } from '#lockstep/run/lock.js';
import { makeTrial, resultOf, type Trial } from '#lockstep/sweep/trial.js';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { addressIn, serveLive } from '../support/live.ts';
import { runTrain, startTrain } from '../support/run-cli.ts';
import { toyFolder } from '../support/toy-folder.ts';
import { toySweep } from '../support/toy-sweep.ts';

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
    // It says what the samples are, as the report does.
    expect(await page.locator('[data-part="curvesHead"]').textContent()).toContain('validation images');
    await page.locator('[data-stop]').click();
    await page.getByText('The training was stopped after').waitFor();
    // It is the report with the network, whose kernels the policy of the live page lets run, too.
    const said = await page.evaluate<{ probabilities: number[] }>('lockstep.predict(new Uint8Array(64))');
    expect(said.probabilities).toHaveLength(4);
    await second.page.getByText('The training was stopped after').waitFor();
    expect((await training.finished).code).toBe(130);
  }, 120_000);

  test('of a sweep: curves at work, a row and a line for each trial, then the report', async () => {
    const file = toySweep(`sweep:
  method: grid
  metric: { name: val_accuracy, goal: maximize }
  parameters:
    optimizer.learningRate: { values: [0.1, 0.2, 0.3, 0.4] }
    batchSize: { values: [20, 25] }
`);
    const live = liveSweep(file.sweep);
    const server = await serveLive(live);
    const trialAt = (number: number) => {
      const parameters = { 'optimizer.learningRate': number / 10, batchSize: [20, 25][number % 2] };
      return makeTrial(file, number, parameters, '');
    };
    const train = (trial: Trial, epochs: number) => {
      const run = trial.runs[0]!;
      live.show({ kind: 'running', trial, run });
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const value = 1 - 0.1 * trial.number - 0.5 / epoch;
        live.show({ kind: 'epoch', trial, run, epoch, epochs: 3, value, waiting: false });
      }
    };
    const end = (trial: Trial) => {
      train(trial, 3);
      const { number, parameters, runs } = trial;
      const { id, seed } = runs[0]!;
      const history = [1, 2, 3].map((epoch) => [epoch, 1 - 0.1 * number - 0.5 / epoch] as const);
      const line = {
        ...{ trial: number, id, parameters, seed, status: 'finished' as const, epochs: 3, history },
        ...{ metric: history[2]![1], weightsSha256: 'a'.repeat(64), run: `trials/${id}`, seconds: 1 },
      };
      live.show({ kind: 'trial', result: resultOf(trial, [line]), known: false });
    };

    train(trialAt(1), 2);
    const { page, complaints } = await open(server.url, { width: 390 });
    const working = page.locator('[data-part="working"]');
    expect(await working.locator('polyline.running').count()).toBe(1);
    expect(await working.locator('tbody tr').textContent()).toMatch(/^1\s*2 of 3/);
    // Nothing has ended, so there is nothing to rank.
    expect(await page.locator('[data-part="ranking"] tr').count()).toBe(0);

    for (const number of [1, 2]) end(trialAt(number));
    train(trialAt(3), 1);
    server.changed();
    const lines = page.locator('[data-part="pictures"] svg[aria-label="parallel coordinates"] polyline');
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(2);
    expect(await working.locator('polyline.running').count()).toBe(1);
    expect(await working.locator('polyline.stopped').count()).toBe(2);
    expect(await working.locator('tbody tr').textContent()).toMatch(/^3\s*1 of 3/);
    const ranks = page.locator('[data-part="ranking"] tbody tr');
    expect(await ranks.count()).toBe(2);
    expect(await ranks.first().getAttribute('class')).toBe('winner');
    await expect.poll(() => page.locator('[data-text="trials"]').textContent()).toBe('2 of 8');
    await expectToFit(page);

    const button = page.locator('[data-stop]');
    await button.click();
    await expect.poll(() => server.stops).toBe(1);
    live.stopping();
    await expect.poll(() => page.locator('[data-text="state"]').textContent()).toBe('stopping');
    expect(await button.isDisabled()).toBe(true);
    await server.end('<!doctype html><title>report</title><p>all that came of it');
    await page.getByText('all that came of it').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  test('of a run that another process trains: it follows the folder, to the report', async () => {
    const cwd = await toyFolder();
    expect((await runTrain(['toy.yaml', '--out', 'run', '--quiet'], { cwd })).code).toBe(0);
    // As it was before its end.
    const [folder, aside] = [join(cwd, 'run'), (name: string) => join(cwd, name)];
    const ends = ['summary.json', 'report.html'];
    for (const name of ends) renameSync(join(folder, name), aside(name));
    const lock = await acquireLock(folder, { what: 'a training' });
    const watched = await watchRun(folder);
    const server = await serveLive(watched.source);
    const look = async () => {
      const { changed, report } = await watched.look(server.due);
      if (changed) server.changed();
      return report;
    };
    const { page, complaints } = await open(server.url, { dark: true });
    const last = page.locator('[data-chart="Loss"] .u-series:first-child .u-value');
    expect(await last.textContent()).toBe('3');
    expect(await page.locator('[data-part="weights"] img').count()).toBe(16);
    expect(await page.locator('[data-text="note"]').textContent()).toContain(`process ${process.pid} `);

    const metrics = join(folder, 'metrics.csv');
    const row = readFileSync(metrics, 'utf8').trimEnd().split('\n').at(-1)!;
    appendFileSync(metrics, `${row.replace(/^3,/, '4,')}\n`);
    const grown = async () => {
      await look();
      return last.textContent();
    };
    await expect.poll(grown, { timeout: 20_000 }).toBe('4');

    await lock.release();
    expect(await look()).toBeUndefined();
    const state = page.locator('[data-text="state"]');
    await expect.poll(() => state.textContent(), { timeout: 20_000 }).toBe('nobody is at work here');
    expect(await page.locator('[data-stop]').isDisabled()).toBe(true);

    for (const name of ends) renameSync(aside(name), join(folder, name));
    const report = await look();
    expect(report).toBe(readFileSync(join(folder, 'report.html'), 'utf8'));
    await server.end(report);
    await page.getByText('Test accuracy').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);
});
