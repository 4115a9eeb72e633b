/** Opens `two-moons` and `spirals`, which are made and not read: see `made/`. */
import {
  type DataFormat,
  isMadeSource,
  type MadeSource,
  madeSettings,
  ownSettings,
} from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Dataset } from './dataset.ts';
import type { MadeSettings } from './made/made.ts';
import { spirals } from './made/spirals.ts';
import { twoMoons } from './made/two-moons.ts';
import {
  type GivenSamples,
  type Reader,
  type ReadRequest,
  type SampleRequest,
  shapeText,
  testSamplesOf,
} from './reader.ts';
import { listed } from './tables/columns.ts';
import { foldDataset } from './test-split.ts';

const makers: Readonly<Record<MadeSource, (settings: MadeSettings) => Dataset>> = {
  'two-moons': twoMoons,
  spirals,
};

export const made: Reader = {
  owns: ({ path }) => isMadeSource(path),
  open: async (source, request) => openMade(source as MadeSource, request),
  samples: async (source, request) => madeSamples(source as MadeSource, request),
};

/** Settings of files, which a made data set does not have. */
const ofFiles = [
  'test',
  'target',
  'features',
  'drop',
  'group',
  'categories',
  'header',
  'decimal',
  'shape',
  'size',
  'white',
  'transpose',
] as const satisfies readonly (keyof DataFormat)[];

function openMade(source: MadeSource, { format, tasks }: ReadRequest): Dataset {
  const strange = [...ofFiles, ...madeSettings].find(
    (name) => format[name] !== undefined && !ownSettings[source].some((own) => own === name),
  );
  if (strange !== undefined) {
    throw new LockstepError('usage', {
      where: `data.${strange}`,
      expected: `a setting of ${source}: ${ownSettings[source].join(', ')}`,
      got: (madeSettings as readonly string[]).includes(strange) ? 'one of spirals' : 'one of files',
    });
  }
  if (!tasks.includes('classes')) {
    throw new LockstepError('data', {
      where: source,
      expected: `${tasks.join(' or ')} to predict`,
      got: 'classes',
      hint: 'take the loss softmax-cross-entropy',
    });
  }
  return make(source, format);
}

/** What of the settings the data set itself is made with. */
function make(source: MadeSource, format: DataFormat): Dataset {
  const names = [...ownSettings[source], 'testShare', 'fold'] as const;
  const entries = names.map((name) => [name, format[name]] as const);
  return makers[source](Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}

/**
 * The test samples that the settings of the run make.
 *
 * @throws LockstepError `data` if the network was trained for something else
 */
function madeSamples(source: MadeSource, { signature, format }: SampleRequest): GivenSamples {
  const dataset = make(source, format);
  const { features, targets, test } = format.fold ? foldDataset(dataset, format.fold) : dataset;
  const [own, given] = [signature, { features, targets }].map(textOf);
  if (own !== given) {
    throw new LockstepError('data', {
      where: source,
      expected: `${own}, as the network was trained on`,
      got: given!,
    });
  }
  return testSamplesOf({ name: source, features, test });
}

/** `columns x, y with the classes upper, lower` */
function textOf({ features, targets }: Pick<Dataset, 'features' | 'targets'>): string {
  const samples =
    features.kind === 'bytes'
      ? shapeText(features)
      : `columns ${listed(features.columns.map(({ name }) => name))}`;
  if (targets.kind !== 'classes') return `${samples} with ${targets.kind}`;
  const { count, names = Array.from({ length: count }, (_, c) => String(c)) } = targets;
  return `${samples} with the classes ${listed(names)}`;
}
