/** The runs of a comparison, and their names: as short as distinguishes them. */
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Task } from '../../contracts/task.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { type RunFacts, readFacts, taskOfRun } from '../../run/run-facts.ts';
import { runFiles } from '../../run/run-files.ts';
import { readJoint } from '../joint/facts.ts';

/** One of the things that are compared: a run, or several seeds or folds that stand for their mean. */
export interface Compared {
  folder: string;
  name: string;
  /** Its number, from 0: decides its colour. */
  index: number;
  kind: 'run' | 'seed' | 'fold';
  /** One, or each seed or fold that was begun. */
  runs: readonly RunFacts[];
  task: Task;
  /** Whether it has a page of its own. */
  page: boolean;
}

/**
 * Reads the folders of runs, seeds or folds.
 *
 * @throws LockstepError `usage` if a folder is named twice; `checkpoint` if one is no run, or is damaged
 */
export async function readCompared(folders: readonly string[]): Promise<Compared[]> {
  refuseTwice(folders);
  const names = shortestNames(folders.map((folder) => resolve(folder)));
  const compared: Compared[] = [];
  for (const [index, folder] of folders.entries()) {
    const joint = await readJoint(folder);
    const runs = joint ? joint.parts.map(({ facts }) => facts) : [await readFacts(folder)];
    const task = taskOfRun(runs.find(({ summary }) => summary) ?? runs[0]!);
    const page = existsSync(join(folder, runFiles.report));
    compared.push({ folder, name: names[index]!, index, kind: joint?.kind ?? 'run', runs, task, page });
  }
  return compared;
}

function refuseTwice(folders: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const folder of folders) {
    const real = existsSync(folder) ? realpathSync(folder) : resolve(folder);
    const before = seen.get(real);
    if (before !== undefined) {
      const got = before === folder ? `${folder} twice` : `${before} and ${folder}, which are one`;
      throw new LockstepError('usage', { where: 'report', expected: 'different runs', got });
    }
    seen.set(real, folder);
  }
}

/** The last names of each path, as many as it takes that no two are the same. */
export function shortestNames(paths: readonly string[]): string[] {
  const steps = paths.map((path) => path.split(/[\\/]/).filter((step) => step !== ''));
  const most = Math.max(...steps.map(({ length }) => length));
  let names: string[] = [];
  for (let length = 1; length <= most; length++) {
    names = steps.map((of) => of.slice(-length).join('/'));
    if (new Set(names).size === names.length) break;
  }
  return names;
}
