/** What a path holds where a run was expected, and which run may have been meant. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LockstepError } from '../foundation/errors.ts';
import { didYouMean } from '../platform/meant-path.ts';
import { runFiles } from './run-files.ts';

/** Names that a sweep gives in its folder: to its list of trainings, and to the winner's run. */
const ofSweep = { trials: 'trials.jsonl', winner: 'best' };

/** The complaint about a path that is no finished run: what it is, and the run that is nearest. */
export function notARun(path: string): LockstepError {
  const { got, hint } = whatIs(path);
  return new LockstepError('checkpoint', { where: path, expected: 'the folder of a run', got, hint });
}

function whatIs(path: string): { got: string; hint: string } {
  const kind = kindOf(path);
  if (kind === undefined) return { got: 'no such folder', hint: runBeside(path) };
  if (kind === 'file') return { got: 'a file', hint: runAround(path) };
  if (existsSync(join(path, ofSweep.trials))) {
    const best = [
      join(path, ofSweep.winner),
      ...foldersIn(join(path, ofSweep.winner)).map((name) => join(path, ofSweep.winner, name)),
    ];
    const winner = best.find(isRun);
    return {
      got: 'the folder of a sweep',
      hint: winner === undefined ? 'it has no winner yet' : `its best run is ${winner}`,
    };
  }
  const parts = foldersIn(path).filter((name) => /^(seed|fold)-\d+$/.test(name) && isRun(join(path, name)));
  if (parts.length > 0) {
    const kind = parts[0]!.startsWith('seed') ? 'seed' : 'fold';
    return {
      got: `the folder of ${parts.length} ${kind}${parts.length === 1 ? '' : 's'}`,
      hint: `name one of them, such as ${join(path, parts[0]!)}`,
    };
  }
  if (existsSync(join(path, runFiles.config))) {
    return {
      got: `one without ${missingIn(path)}`,
      hint: `its training is still under way, or was interrupted: \`train resume ${path}\` goes on with it`,
    };
  }
  if (existsSync(join(path, dirname(runFiles.weights)))) {
    return { got: `one without ${runFiles.config}`, hint: 'put it back, or train anew' };
  }
  const newest = newestRun(path);
  if (newest !== undefined) return { got: 'a folder of runs', hint: `the newest is ${newest}` };
  return { got: 'a folder of something else', hint: 'name a folder that `train` wrote' };
}

const missingIn = (path: string) =>
  [runFiles.summary, runFiles.metrics].find((name) => !existsSync(join(path, name))) ??
  `a checkpoint in ${dirname(runFiles.weights)}`;

/** The run or sweep with nearly this name, or else the newest run that there is. */
function runBeside(path: string): string {
  const parent = dirname(path);
  const { hint } = didYouMean(path, { accept: wasTrained });
  if (hint !== undefined) return hint;
  const newest = newestRun(parent) ?? newestRun('runs');
  return newest === undefined ? 'name a folder that `train` wrote' : `the newest run here is ${newest}`;
}

/** The run that a file lies in. */
function runAround(path: string): string {
  const around = [dirname(path), dirname(dirname(path))].find(isRun);
  return around === undefined ? 'name a folder that `train` wrote' : `its run is ${around}`;
}

function newestRun(folder: string): string | undefined {
  const runs = foldersIn(folder)
    .map((name) => join(folder, name))
    .filter(isRun);
  const age = (run: string) => statSync(join(run, runFiles.summary)).mtimeMs;
  return runs.sort((a, b) => age(b) - age(a))[0];
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, runFiles.config)) && existsSync(join(folder, runFiles.summary));
}

/** A run, finished or not, or a sweep. */
function wasTrained(folder: string): boolean {
  return [runFiles.config, ofSweep.trials].some((name) => existsSync(join(folder, name)));
}

function foldersIn(folder: string): string[] {
  if (kindOf(folder) !== 'folder') return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && (found.isDirectory() ? 'folder' : 'file');
}
