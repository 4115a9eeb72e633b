/** Writes the page of several seeds or folds into the folder around them. */
import { join } from 'node:path';
import { runFiles } from '../../run/run-files.ts';
import { refuseLinksOut } from '../../run/run-folder.ts';
import { writeWhole } from '../../run/write-whole.ts';
import { readJoint } from './facts.ts';
import { jointPage } from './page.ts';

/**
 * Writes report.html from the files of the runs. Returns its path; undefined if the folder is not one of
 * several runs. The same runs give the same bytes.
 *
 * @throws LockstepError `checkpoint` if a run is damaged, or not the one that its name says
 */
export async function writeJoint(folder: string): Promise<string | undefined> {
  const facts = await readJoint(folder);
  if (!facts) return undefined;
  await refuseLinksOut(folder);
  const file = join(folder, runFiles.report);
  await writeWhole(file, [jointPage(facts)]);
  return file;
}
