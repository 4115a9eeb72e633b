/** Writes the page that compares runs. */
import { statSync } from 'node:fs';
import { LockstepError } from '../../foundation/errors.ts';
import { writeWhole } from '../../run/write-whole.ts';
import { readCompared } from './facts.ts';
import { comparisonPage } from './page.ts';

/** The name of the page, if nobody gives another. */
export const comparisonFile = 'comparison.html';

/**
 * Writes one page about several runs. The same runs give the same bytes, from the same place.
 *
 * @param folders of runs, finished or not, or of seeds or folds, which stand for their mean
 * @throws LockstepError `checkpoint` if one is no run or is damaged; `usage` if one is named twice, or the
 *   file is a folder
 */
export async function writeComparison(folders: readonly string[], file: string): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LockstepError('usage', { where: `--out ${file}`, expected: 'a file', got: 'a folder' });
  }
  await writeWhole(file, [comparisonPage(await readCompared(folders), file)]);
}
