// What a sweep came to, without times: what must be the same however it ran.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of trials.jsonl without times, sorted, the ranking, and the winner with its figures. */
export function outcomeOf(folder) {
  const read = (...path) => readFileSync(join(folder, ...path), 'utf8');
  const lines = read('trials.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { seconds: _, sha256: __, ...rest } = JSON.parse(line);
      return JSON.stringify(rest);
    });
  const runs = readdirSync(join(folder, 'best'), { recursive: true }).filter((name) =>
    name.endsWith('metrics.csv'),
  );
  return {
    trials: lines.sort(),
    ranking: read('results.csv'),
    best: read('best.yaml'),
    winner: runs.sort().map((name) => read('best', name)),
  };
}

/** All files of the folder, and what is in those of the trials, without times and threads. */
export function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  const contents = names
    .filter((name) => /^trials.*(metrics\.csv|config\.yaml)$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  const summaries = names
    .filter((name) => /^trials.*summary\.json$/.test(name))
    .map((name) => {
      const all = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      const { seconds: _, threads: __, activeThreads: ___, files, sha256: ____, ...rest } = all;
      const { 'timing.csv': _____, ...digests } = files;
      return [name, { ...rest, digests }];
    });
  return { names, contents, summaries };
}

/** Trainings that have ended. */
export function linesIn(folder) {
  const file = join(folder, 'trials.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}
