/** The folder around several runs of one experiment: seeds, or the folds of a cross-validation. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { canonicalText } from '../../experiment/experiment.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { insideFolder } from '../../run/inside-folder.ts';
import { type Parts, partExperiment, partFolders, readParts } from '../../run/parts.ts';
import { type RunFacts, readFacts } from '../../run/run-facts.ts';
import { runFiles } from '../../run/run-files.ts';
import { readConfig } from '../../run/run-folder.ts';

/** One of the runs. */
export interface Part {
  /** The seed, or the number of the fold. */
  number: number;
  /** Its folder in the one around it: `seed-5`. */
  name: string;
  facts: RunFacts;
  /** Whether it has a page of its own. */
  page: boolean;
}

export interface JointFacts {
  folder: string;
  kind: Parts['kind'];
  /** How many there are to be; undefined if nothing says so. */
  planned: number | undefined;
  /** Those that were begun. */
  parts: readonly Part[];
}

/** A run that came to its end and was judged on the test set. */
export function isJudged({ summary }: RunFacts): boolean {
  return summary?.test !== null && summary?.test !== undefined;
}

/**
 * Reads the folder of several runs; undefined if it is not one.
 *
 * @throws LockstepError `checkpoint` if a file is damaged, or a run is not the seed or fold of its name
 */
export async function readJoint(folder: string): Promise<JointFacts | undefined> {
  const planned = await readParts(folder);
  // A run may have its folder's name from anywhere. The folder around several holds no run itself.
  const found = planned ?? partsByName(folder);
  if (!found) return undefined;
  const around = planned && (await readConfig(folder)).experiment;
  const names = around
    ? partFolders(folder, around, found).map((path) => basename(path))
    : namesIn(folder, found.kind);
  const parts: Part[] = [];
  for (const [i, name] of names.entries()) {
    const at = await insideFolder(folder, name);
    if (!existsSync(join(at, runFiles.config))) continue;
    const facts = await readFacts(at);
    const number = Number(name.slice(name.indexOf('-') + 1));
    if (around && facts.config !== canonicalText(partExperiment(around, found, i))) {
      throw new LockstepError('checkpoint', {
        where: join(at, runFiles.config),
        expected: `the experiment of ${found.kind} ${number}`,
        got: 'another',
        hint: 'the folder holds another run',
      });
    }
    parts.push({ number, name, facts, page: existsSync(join(at, runFiles.report)) });
  }
  if (parts.length === 0) return undefined;
  return { folder, kind: found.kind, planned: planned?.count, parts };
}

/** Folders of 0.1.0, and those of a sweep's winner, do not say how many runs they are for. */
function partsByName(folder: string): Parts | undefined {
  if (existsSync(join(folder, runFiles.config))) return undefined;
  for (const kind of ['seed', 'fold'] as const) {
    const { length } = namesIn(folder, kind);
    if (length > 0) return { kind, count: length };
  }
  return undefined;
}

function namesIn(folder: string, kind: Parts['kind']): string[] {
  const pattern = new RegExp(`^${kind}-\\d+$`);
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return names
    .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
}
