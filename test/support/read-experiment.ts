// Reading experiments that may be wrong.
import { expect } from 'vitest';
import { readExperiment } from '#lockstep/experiment/read.js';
import { parseOverride } from '#lockstep/experiment/setting-path.js';
import { topSettings } from '#lockstep/experiment/settings.js';
import { LockstepError } from '#lockstep/foundation/errors.js';
import { catalogue } from '#lockstep/model/catalogue.js';

/** The kinds of a family, as in messages. */
export const known = (family: keyof typeof catalogue) => [...catalogue[family].keys()].join(', ');

export const topNames = Object.keys(topSettings).join(', ');

export const options = { file: 'x.yaml', name: 'x' };
export const read = (text: string, ...sets: string[]) =>
  readExperiment(text, { ...options, overrides: sets.map(parseOverride) });

/** The message of the error that reading must throw. */
export function complaint(text: string, ...sets: string[]): string {
  try {
    read(text, ...sets);
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).code).toBe('usage');
    return (error as Error).message;
  }
  throw new Error('the experiment was accepted');
}
