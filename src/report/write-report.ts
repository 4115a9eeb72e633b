/** Writes the page of a run into its folder: report.html. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import { openData } from '../data/open-dataset.ts';
import type { Progress } from '../data/reader.ts';
import { LockstepError } from '../foundation/errors.ts';
import { runAtWork } from '../run/open-run.ts';
import { profileOfRun } from '../run/picture-profile.ts';
import { readTrained } from '../run/read-trained.ts';
import { type RunFacts, readFacts } from '../run/run-facts.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import { writeWhole } from '../run/write-whole.ts';
import { featureMapsOf } from './feature-maps.ts';
import { type Findings, findingsOf } from './findings.ts';
import { normsOf } from './norms.ts';
import { type Inside, page } from './page/page.ts';

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
  const { findings, inside } = await find(folder, facts, { open: dataset, progress });
  const file = join(folder, runFiles.report);
  await writeWhole(file, [page(facts, findings, inside)]);
  return { file, missing: findings && 'missing' in findings ? findings.missing : undefined };
}

interface Found {
  /** Undefined if the run did not evaluate the test set. */
  findings: Findings | { missing: string } | undefined;
  /** Undefined if no checkpoint can be read. */
  inside: Inside | undefined;
}

async function find(
  folder: string,
  facts: RunFacts,
  reading: { open: Dataset | undefined; progress: Progress | undefined },
): Promise<Found> {
  const judged = facts.summary?.test ? facts.summary : undefined;
  const without = (reason: string) => (judged ? { missing: `${reason}.` } : undefined);
  const trained = await orReason(() => readTrained(folder));
  if (typeof trained === 'string') return { findings: without(trained), inside: undefined };
  const pictures = trained.signature.features.kind === 'bytes';
  const { profile } = pictures ? await profileOfRun(trained) : { profile: undefined };
  const insideOf = (found?: Findings) => ({
    trained,
    norms: normsOf(trained, found?.test),
    maps: found && featureMapsOf(trained, found),
    profile,
  });
  if (!judged) return { findings: undefined, inside: insideOf() };
  const dataset = await orReason(() => dataOf(facts, judged, reading));
  if (typeof dataset === 'string') return { findings: without(dataset), inside: insideOf() };
  const findings = findingsOf(runAtWork(folder, trained), dataset);
  return { findings, inside: insideOf(findings) };
}

/** The data of the run. */
async function dataOf(
  { experiment }: RunFacts,
  { dataSha256 }: RunSummary,
  { open, progress }: { open: Dataset | undefined; progress: Progress | undefined },
): Promise<Dataset> {
  if (open) return open;
  const dataset = await openData(experiment, { ...(progress ? { progress } : {}) });
  if (datasetDigest(dataset) === dataSha256) return dataset;
  throw new LockstepError('data', `the data in ${dataset.name} is no longer that of the run`);
}

/** The message if the user's files are the reason why there is no result. */
async function orReason<Result extends object>(make: () => Promise<Result>): Promise<Result | string> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof LockstepError) return error.message;
    throw error;
  }
}
