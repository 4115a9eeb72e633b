/** Writes the page of a run into its folder: report.html. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import { openData } from '../data/open-dataset.ts';
import type { Progress } from '../data/reader.ts';
import { LockstepError } from '../foundation/errors.ts';
import { openRun } from '../run/open-run.ts';
import { type RunFacts, readFacts } from '../run/run-facts.ts';
import { runFiles } from '../run/run-files.ts';
import { writeWhole } from '../run/write-whole.ts';
import { type Findings, findingsOf } from './findings.ts';
import { page } from './page/page.ts';

export interface WrittenReport {
  file: string;
  /** The reason if the page has no predictions although it should. */
  missing: string | undefined;
}

/**
 * Writes report.html from the files of the run. The same run and data give the same bytes. If the data or the
 * weights are missing, the page goes without predictions and says why.
 *
 * @param dataset the data of the run if it is open; otherwise it is opened and compared with the run's
 * @param progress called now and then while its data is read
 * @throws LockstepError if the folder is no run, or if a table in it is damaged
 */
export async function writeReport(
  folder: string,
  dataset?: Dataset,
  progress?: Progress,
): Promise<WrittenReport> {
  const facts = await readFacts(folder);
  const findings = await find(folder, facts, { open: dataset, progress });
  const file = join(folder, runFiles.report);
  await writeWhole(file, [page(facts, findings)]);
  return { file, missing: findings && 'missing' in findings ? findings.missing : undefined };
}

/** Undefined if the run did not evaluate the test set. */
async function find(
  folder: string,
  { experiment, summary }: RunFacts,
  { open, progress }: { open: Dataset | undefined; progress: Progress | undefined },
): Promise<Findings | { missing: string } | undefined> {
  if (!summary?.test) return undefined;
  try {
    const run = await openRun(folder);
    const dataset = open ?? (await openData(experiment, { ...(progress ? { progress } : {}) }));
    if (!open && datasetDigest(dataset) !== summary.dataSha256) {
      return { missing: `the data in ${dataset.name} is no longer that of the run.` };
    }
    return findingsOf(run, dataset);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { missing: `${error.message}.` };
  }
}
