/** An experiment that a program writes as an object instead of YAML. */
import { checkObject, checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { DataSettings } from './data-settings.ts';
import type { Claims, Experiment } from './experiment.ts';
import { resolveExperiment } from './resolve.ts';
import { pathOf, refusePrototypeKeys } from './setting-path.ts';

/** A kind by its bare name, or with settings: `'relu'`, `{ kind: 'dense', units: 128 }`. */
export type KindSettings = string | { kind: string; [setting: string]: unknown };

/** The settings of an experiment, as in its file. experiments/experiment.schema.json describes them all. */
export interface ExperimentSettings {
  name?: string;
  description?: string;
  seed?: number;
  data?: Partial<DataSettings>;
  augmentation?: readonly KindSettings[];
  noAugmentationEpochs?: number;
  model: readonly KindSettings[];
  initializer?: KindSettings;
  loss?: KindSettings;
  classWeights?: 'balanced' | readonly number[];
  optimizer: KindSettings;
  schedule?: KindSettings;
  batchSize: number | 'full';
  /** Either this or `steps`. */
  epochs?: number;
  steps?: number;
  evaluateEvery?: { epochs?: number; steps?: number };
  earlyStopping?: { metric?: string; patience?: number; minDelta?: number };
  kernels?: string;
  execution?: { threads?: number | 'auto'; checkpoint?: { minutes?: number; epochs?: number } };
  claims?: Claims;
}

/**
 * Checks the settings like those of a file, and fills in defaults.
 *
 *     const experiment = defineExperiment({
 *       model: [{ kind: 'dense', units: 128 }, 'relu', { kind: 'dense', units: 'classes' }],
 *       optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
 *       batchSize: 64,
 *       epochs: 5,
 *     });
 *
 * @throws LockstepError `usage` that names the setting: `model[0].units: expected an integer at least 1 ...`
 */
export function defineExperiment(settings: ExperimentSettings): Experiment {
  const given = checkObject(
    'experiment',
    settings,
    'an object of settings: model, optimizer, batchSize, epochs',
  );
  return resolveExperiment(plainCopy(given), 'experiment', (keys) => pathOf(keys) || 'experiment');
}

/** A copy that the resolver may change. Values that no file can hold are no settings. */
function plainCopy(settings: object): Record<string, unknown> {
  try {
    const copy = JSON.parse(JSON.stringify(settings));
    refusePrototypeKeys(copy, pathOf);
    return copy;
  } catch (error) {
    if (error instanceof LockstepError) throw error;
    throw new LockstepError('usage', `experiment: expected plain settings, got ${(error as Error).message}`);
  }
}

/**
 * Checks that this is a resolved experiment, as `readExperiment` and `defineExperiment` return it.
 *
 * @throws TypeError if it is no object, LockstepError `usage` if a setting is wrong
 */
export function checkExperiment(experiment: unknown): asserts experiment is Experiment {
  const given = checkObject(
    'experiment',
    experiment,
    'an experiment, as readExperiment or defineExperiment gives it',
  );
  if ('experiment' in given && 'locate' in given) {
    throw new TypeError(
      'experiment: expected an experiment, got what readExperiment gives; take its .experiment',
    );
  }
  const { name = 'experiment' } = given;
  const resolved = resolveExperiment(plainCopy(given), checkText('experiment.name', name), (keys) =>
    `experiment.${pathOf(keys)}`.replace(/\.$/, ''),
  );
  const open = absent(resolved, given, 'experiment');
  if (open === undefined) return;
  throw new TypeError(
    `${open}: expected the setting of a resolved experiment, got nothing; use defineExperiment()`,
  );
}

/** The path of the first setting that only a default has filled in. */
function absent(resolved: object, given: unknown, path: string): string | undefined {
  for (const [key, value] of Object.entries(resolved)) {
    const own = (given as Record<string, unknown> | undefined)?.[key];
    const here = Array.isArray(resolved) ? `${path}[${key}]` : `${path}.${key}`;
    if (own === undefined) return here;
    if (typeof value !== 'object' || value === null) continue;
    const inner = typeof own === 'object' ? absent(value, own, here) : here;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
