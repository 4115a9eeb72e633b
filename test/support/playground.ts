// docs/playground.html in a browser, and the commands that it shows.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { openExperiment } from '#lockstep/cli/find-experiment.js';
import { openData } from '#lockstep/data/open-dataset.js';
import type { Experiment } from '#lockstep/experiment/experiment.js';
import { type Override, parseOverride } from '#lockstep/experiment/setting-path.js';
import { inline } from '#lockstep/parallel/inline.js';
import { train } from '#lockstep/training/train.js';
import type { useBrowser } from './browser.ts';

export const playgroundFile = new URL('../../docs/playground.html', import.meta.url);
export const page = (choice: string) => `${playgroundFile.href}#${choice}`;

/** Plays a training of this choice, whose digest must be that of its command. */
export async function expectDigestOfCommand(
  open: ReturnType<typeof useBrowser>,
  choice: string,
): Promise<void> {
  const { page: it, complaints, requests } = await open(page(choice));
  await it.selectOption('#speed', '1000000');
  await it.click('#play');
  await it.locator('#play', { hasText: 'Play again' }).waitFor();
  const command = await text(it, 'command');
  expect(await text(it, 'digest')).toBe(await digestOf(command));
  expect(complaints).toEqual([]);
  expect(requests).toHaveLength(1);
}

/** The text of the element with this id. */
export const text = (page: Page, id: string) =>
  page.evaluate<string>(`document.getElementById('${id}').textContent`);

/** The training has come to a step. */
export const at = (page: Page, step: number) =>
  page.locator('#now-step', { hasText: `${step} of` }).waitFor();

/** The words of a command as a shell takes them apart. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** The digest to which a command comes. */
export async function digestOf(command: string): Promise<string | undefined> {
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
