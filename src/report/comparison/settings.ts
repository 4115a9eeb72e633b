/** The settings in which experiments differ, by their paths. */
import type { Experiment } from '../../experiment/experiment.ts';

export interface Difference {
  /** `optimizer.learningRate`, `model[0].units` */
  path: string;
  /** Of each experiment, as people write it; undefined if it has no such setting. */
  values: readonly (string | undefined)[];
}

/** Only the paths at which not all are the same, in the order of the file. */
export function differingSettings(experiments: readonly object[]): Difference[] {
  const settings = experiments.map((experiment) => new Map(leavesOf(experiment, '')));
  return inOrder(settings.map((of) => [...of.keys()]))
    .map((path) => ({ path, values: settings.map((of) => of.get(path)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** One experiment for several seeds or folds: what is other in each is told as a range. */
export function settingsOf(experiments: readonly Experiment[]): object {
  const [first, ...others] = experiments;
  if (others.length === 0) return first!;
  const seeds = [...new Set(experiments.map(({ seed }) => seed))];
  const folds = experiments.flatMap(({ data }) => data.fold ?? []);
  const fold =
    folds.length > 1 ? { number: rangeOf(folds.map(({ number }) => number)), of: folds[0]!.of } : undefined;
  return { ...first, seed: rangeOf(seeds), data: { ...first!.data, ...(fold ? { fold } : {}) } };
}

/** `from 1 to 5`, or a list. */
function rangeOf(numbers: readonly number[]): string | number | readonly number[] {
  const [first, last] = [numbers[0]!, numbers.at(-1)!];
  if (numbers.length === 1) return first;
  return last - first === numbers.length - 1 ? `from ${first} to ${last}` : numbers;
}

/**
 * Paths of several files as one list. A path that only a later file has comes after those before it there.
 */
function inOrder(lists: readonly (readonly string[])[]): string[] {
  const order: string[] = [];
  for (const list of lists) {
    let after = -1;
    for (const path of list) {
      const at = order.indexOf(path);
      if (at < 0) order.splice(++after, 0, path);
      else after = at;
    }
  }
  return order;
}

function leavesOf(value: unknown, path: string): [path: string, text: string][] {
  if (isPlain(value)) return [[path, textOf(value)]];
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return [[path, `[${value.map(textOf).join(', ')}]`]];
    return value.flatMap((one, i) => leavesOf(one, `${path}[${i}]`));
  }
  const entries = Object.entries(value as object).filter(([, one]) => one !== undefined);
  return entries.flatMap(([key, one]) => leavesOf(one, path === '' ? key : `${path}.${key}`));
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;

/** Words without quotes, unless they look like something else: the column "1" is not the first column. */
function textOf(value: unknown): string {
  const word = typeof value === 'string' && value !== '' && !/^(true|false|null|[-+.\d].*)$/.test(value);
  return word ? value : JSON.stringify(value);
}
