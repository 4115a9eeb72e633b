/** Whether the folder around several runs holds those that it is for, and their table. */
import { join } from 'node:path';
import { canonicalText, type Experiment } from '../experiment/experiment.ts';
import { seedsText } from './csv.ts';
import { type Findings, readSummaryAsIs } from './inspect.ts';
import { type Parts, partExperiment, partFolders } from './parts.ts';
import { runFiles } from './run-files.ts';
import { readText } from './run-folder.ts';
import type { RunSummary } from './summary.ts';

/**
 * Each part must be the seed or fold that its name says, and the table must be that of their summaries. What
 * is in the folders of the parts is left to `inspectFiles`.
 *
 * @throws LockstepError `checkpoint` if one did not come to its end
 */
export async function inspectParts(folder: string, experiment: Experiment, parts: Parts): Promise<Findings> {
  const found: Findings = { absent: [], changed: [] };
  const summaries: RunSummary[] = [];
  for (const [i, at] of partFolders(folder, experiment, parts).entries()) {
    const text = await readText(at, runFiles.config);
    const file = join(at, runFiles.config);
    if (text === undefined) {
      found.absent.push(`${file}: expected a file of the run, got no such file`);
      continue;
    }
    const expected = canonicalText(partExperiment(experiment, parts, i));
    if (text !== expected) found.changed.push(`${file} is not that of this ${parts.kind}`);
    summaries.push((await readSummaryAsIs(at)).summary);
  }
  if (found.absent.length > 0) return found;
  const name = parts.kind === 'seed' ? runFiles.seeds : runFiles.folds;
  const table = await readText(folder, name);
  const file = join(folder, name);
  if (table === undefined) found.absent.push(`${file}: expected a file of the run, got no such file`);
  else if (summaries.some(({ test }) => !test) || table !== seedsText(summaries, parts.kind)) {
    found.changed.push(`${file} is not that of the runs`);
  }
  return found;
}
