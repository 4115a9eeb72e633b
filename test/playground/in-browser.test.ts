// docs/playground.html as it is committed, in a real browser: its digests are those of the commands that it
// shows, forward and back.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { openData } from '#lockstep/data/open-dataset.js';
import { parseOverride } from '#lockstep/experiment/setting-path.js';
import { explainStep } from '#lockstep/training/explain-step.js';
import { stampOfSources } from '../../scripts/playground.mjs';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';
import { expectDigestOfCommand, page, playgroundFile, text } from '../support/playground.ts';

test('the page was made of these sources', () => {
  const [, stamp] =
    /name="playground-sources" content="(\w+)"/.exec(readFileSync(playgroundFile, 'utf8')) ?? [];
  expect(stamp, 'run `npm run playground`').toBe(stampOfSources());
});

describeInBrowser('the playground', () => {
  const open = useBrowser();

  test('the digest of two moons is that of the command', () =>
    expectDigestOfCommand(
      open,
      'source=two-moons&epochs=3&units=5,4&activation=relu&normalisation=batch-norm&seed=7',
    ));

  test('a click on a point shows its numbers, and what cannot be is said', async () => {
    const { page: it } = await open(page('source=two-moons&epochs=2'), { width: 390 });
    await it.click('#plane', { position: { x: 100, y: 100 } });
    await it.waitForSelector('#sample h3');
    const shown = await text(it, 'sample');
    for (const part of ['model[0]: dense', 'model[1]: tanh', 'step1 of 40, epoch 1']) {
      expect(shown).toContain(part);
    }
    // They are those of the command line.
    const { experiment } = openExperiment('two-moons', [parseOverride('epochs=2')]);
    const sample = Number(await it.inputValue('#sample-number'));
    const explained = await explainStep(experiment, await openData(experiment), { sample, step: 1 });
    expect(shown).toContain(`minus the logarithm of that${Number(explained.sample.loss.toPrecision(4))}`);
    const written = explained.layers[0]!.gradient!.filter((number) => Math.abs(number) > 1e-4);
    for (const number of written) {
      expect(shown).toContain(String(Number(number.toPrecision(4))).replace('-', '−'));
    }
    await expectToFit(it);
    await it.selectOption('[name="normalisation"]', 'batch-norm');
    await it.selectOption('[name="batchSize"]', '1');
    await it.waitForSelector('#trouble:not([hidden])');
    expect(await text(it, 'trouble')).toContain('batchSize: expected at least 2 rows');
  });
});
