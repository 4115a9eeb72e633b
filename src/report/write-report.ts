/** Writes the page of a run into its folder: report.html. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import { openData } from '../data/open-dataset.ts';
import { LockstepError } from '../foundation/errors.ts';
import { openRun } from '../run/open-run.ts';
import { type RunFacts, readFacts } from '../run/run-facts.ts';
import { runFiles } from '../run/run-folder.ts';
import { writeWhole } from '../run/write-whole.ts';
import { page } from './page/page.ts';
import type { Pictures } from './page/pictures.ts';
import { choosePredictions } from './predictions.ts';

export interface WrittenReport {
  file: string;
  /** The reason if the page has no pictures although it should. */
  missing: string | undefined;
}

/**
 * Writes report.html from the files of the run. The same run and data give the same bytes. If the data or the
 * weights are missing, the page goes without pictures and says why.
 *
 * @param dataset the data of the run if it is open; otherwise it is opened and compared with the run's
 * @throws LockstepError if the folder is no run, or if a table in it is damaged
 */
export async function writeReport(folder: string, dataset?: Dataset): Promise<WrittenReport> {
  const facts = await readFacts(folder);
  const pictures = await picturesOf(folder, facts, dataset);
  const file = join(folder, runFiles.report);
  await writeWhole(file, [page(facts, pictures)]);
  return { file, missing: pictures && 'missing' in pictures ? pictures.missing : undefined };
}

/** Undefined if the run did not evaluate the test set. */
async function picturesOf(
  folder: string,
  { experiment, summary }: RunFacts,
  open: Dataset | undefined,
): Promise<Pictures | undefined> {
  if (!summary?.test) return undefined;
  try {
    const run = await openRun(folder);
    const dataset = open ?? (await openData(experiment));
    if (!open && datasetDigest(dataset) !== summary.dataSha256) {
      return { missing: `the data in ${dataset.name} is no longer that of the run.` };
    }
    const { features, targets } = dataset;
    if (features.kind !== 'bytes' || targets.kind !== 'classes') return undefined;
    const [height, width] = features.shape;
    return { predictions: choosePredictions(run, dataset.test), height, width };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { missing: `${error.message}.` };
  }
}
