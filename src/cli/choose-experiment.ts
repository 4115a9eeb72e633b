/** The experiment of `train --data PATH`, if none is named: which one, the data itself says. */
import type { Dataset } from '../data/dataset.ts';
import { openDataset, type ReadingOptions } from '../data/open-dataset.ts';
import { namedSources } from '../experiment/data-settings.ts';
import type { ReadExperiment } from '../experiment/read.ts';
import type { Override } from '../experiment/setting-path.ts';
import { tasksOf } from '../experiment/task-of.ts';
import { openExperiment } from './find-experiment.ts';
import { openDataOf } from './open-data.ts';

/** An experiment with its data. */
export interface Chosen extends ReadExperiment {
  dataset: Dataset;
  /** What was chosen and why, for people; undefined if the experiment was named. */
  choice?: string;
  /** The experiment's name under `experiments/`, or as it was given. */
  base: string;
}

/** The experiment with its overrides, and its data. */
export async function chooseExperiment(
  name: string | undefined,
  overrides: readonly Override[],
  options: ReadingOptions = {},
): Promise<Chosen> {
  const source = overrides.find(({ path }) => path === 'data.source');
  const named = namedSources.find((known) => known === (source?.value ?? 'mnist'));
  const base = name ?? named;
  if (base !== undefined) {
    const read = openExperiment(base, overrides);
    return { ...read, dataset: await openDataOf(read.experiment, options), base };
  }
  // The settings of the data, and a loss that was asked for, mean the same in any experiment.
  const { experiment } = openExperiment('table', overrides);
  const { source: path, from: _f, validation: _v, training: _t, monitor: _m, ...format } = experiment.data;
  const asked = overrides.some(({ path }) => path === 'loss' || path.startsWith('loss.'));
  const tasks = asked ? tasksOf(experiment) : undefined;
  const dataset = await openDataset(path, { ...format, ...(tasks ? { tasks } : {}), ...options });
  const { chosen, because } = kindOf(dataset);
  const choice = `experiments/${chosen}.yaml, because the data are ${because}`;
  return { ...openExperiment(chosen, overrides), dataset, choice, base: chosen };
}

function kindOf({ features, targets }: Dataset): { chosen: string; because: string } {
  if (features.kind === 'bytes') return { chosen: 'pictures', because: 'pictures' };
  const what = {
    classes: { chosen: 'table', because: 'a table with classes' },
    values: { chosen: 'regression', because: 'a table with numbers to predict' },
    flags: { chosen: 'flags', because: 'a table with columns of 0 and 1 to predict' },
  };
  return what[targets.kind];
}
