// docs/playground.html as it is committed, in a real browser: its digests are those of the commands that it
// shows, forward and back.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { openData } from '#lockstep/data/open-dataset.js';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import { type Override, parseOverride } from '#lockstep/experiment/setting-path.js';
import { inline } from '#lockstep/parallel/inline.js';
import { explainStep } from '#lockstep/training/explain-step.js';
import { train } from '#lockstep/training/train.js';
import { stampOfSources } from '../../scripts/playground.mjs';
import { describeInBrowser, expectToFit, useBrowser } from '../support/browser.ts';

const file = new URL('../../docs/playground.html', import.meta.url);
const page = (choice: string) => `${file.href}#${choice}`;

test('the page was made of these sources', () => {
  const [, stamp] = /name="playground-sources" content="(\w+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(stamp, 'run `npm run playground`').toBe(stampOfSources());
});

describeInBrowser('the playground', () => {
  const open = useBrowser();

  test.each([
    ['two moons', 'source=two-moons&epochs=3&units=5,4&activation=relu&normalisation=batch-norm&seed=7'],
    ['spirals', 'source=spirals&epochs=2&noise=0.1&schedule=cosine&dropout=0.2&optimizer=momentum'],
    ['digits', 'source=mnist-2000&epochs=1&units=20&batchSize=64&optimizer=rmsprop&schedule=cosine'],
  ])('the digest of %s is that of the command', async (_, choice) => {
    const { page: it, complaints, requests } = await open(page(choice));
    await it.selectOption('#speed', '1000000');
    await it.click('#play');
    await it.locator('#play', { hasText: 'Play again' }).waitFor();
    const command = await text(it, 'command');
    expect(await text(it, 'digest')).toBe(await digestOf(command));
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test('forward and back, it comes by the same weights, and each step has its command', async () => {
    const { page: it } = await open(page('source=two-moons&epochs=2&batchSize=16&learningRate=0.02'));
    const to = async (step: number) => {
      await it.fill('#time', String(step));
      await at(it, step);
      return text(it, 'digest');
    };
    const drawn = () => it.evaluate('document.getElementById("plane").toDataURL()');
    const seventh = await to(7);
    const picture = await drawn();
    const command = await text(it, 'command');
    expect(command).toContain('--set steps=7');
    const later = await to(61);
    expect(later).not.toBe(seventh);
    await it.click('#back');
    await it.click('#step');
    await at(it, 61);
    expect(await text(it, 'digest')).toBe(later);
    expect(await to(7)).toBe(seventh);
    expect(await drawn()).toBe(picture);
    // The command line itself prints it.
    const cli = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
    const args = [
      cli,
      ...wordsOf(command).slice(2),
      '--out',
      join(mkdtempSync(join(tmpdir(), 'lockstep-')), 'run'),
    ];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })).toContain(
      `sha256 ${seventh}`,
    );
  });

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

const text = (page: Page, id: string) =>
  page.evaluate<string>(`document.getElementById('${id}').textContent`);

/** The training has come to a step. */
const at = (page: Page, step: number) => page.locator('#now-step', { hasText: `${step} of` }).waitFor();

/** The words of a command as a shell takes them apart. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** The digest to which a command comes. */
async function digestOf(command: string): Promise<string | undefined> {
  const [, , name, ...options] = wordsOf(command);
  const settings: Record<string, string> = {
    '--seed': 'seed',
    '--epochs': 'epochs',
    '--batch-size': 'batchSize',
  };
  const overrides: Override[] = [];
  for (let i = 0; i < options.length; i += 2) {
    const [option, value] = [options[i]!, options[i + 1]!];
    overrides.push(parseOverride(option === '--set' ? value : `${settings[option]}=${value}`));
  }
  const { experiment } = openExperiment(name!, overrides);
  return trained(experiment);
}

async function trained(experiment: Experiment): Promise<string | undefined> {
  const dataset = await openData(experiment);
  for await (const event of train(experiment, { dataset, executor: inline() })) {
    if (event.kind === 'end') return event.weightsSha256;
  }
  return undefined;
}
