/** Writes the page of a sweep into its folder: report.html. */
import { join } from 'node:path';
import { readText } from '../platform/files.ts';
import type { RunSummary } from '../run/summary.ts';
import { writeWhole } from '../run/write-whole.ts';
import { sweepFiles } from './folder.ts';
import { factsOf } from './page/facts.ts';
import { linksIn } from './page/links.ts';
import { sweepPage } from './page/page.ts';
import type { Sweep } from './read.ts';
import type { TrialResult } from './trial.ts';

export async function writeSweepReport(
  folder: string,
  sweep: Sweep,
  results: readonly TrialResult[],
  judged: readonly RunSummary[],
): Promise<void> {
  const text = await readText(join(folder, sweepFiles.sweep));
  const seeds = judged.map(({ seed }) => seed);
  const facts = factsOf(sweep, text, results, judged, linksIn(folder, results, seeds));
  await writeWhole(join(folder, sweepFiles.report), [sweepPage(facts)]);
}
