/** What a reader chooses: data, network, and how it learns; as an experiment, and as a command. */
import type { ExperimentSettings } from 'lockstep/browser';

export const sources = ['two-moons', 'spirals', 'mnist-2000'] as const;
export type Source = (typeof sources)[number];

export const activations = ['none', 'relu', 'leaky-relu', 'elu', 'gelu', 'silu', 'tanh', 'sigmoid'] as const;
export const normalisations = ['none', 'batch-norm', 'layer-norm'] as const;
export const optimizers = ['sgd', 'momentum', 'rmsprop', 'adam'] as const;
export const schedules = ['constant', 'cosine'] as const;

export interface Choice {
  source: Source;
  /** Of points; digits have none. */
  noise: number;
  /** Units of each hidden layer. */
  units: readonly number[];
  activation: (typeof activations)[number];
  normalisation: (typeof normalisations)[number];
  dropout: number;
  optimizer: (typeof optimizers)[number];
  learningRate: number;
  schedule: (typeof schedules)[number];
  batchSize: number;
  epochs: number;
  seed: number;
}

const usual = {
  noise: 0,
  activation: 'tanh',
  normalisation: 'none',
  dropout: 0,
  optimizer: 'adam',
  schedule: 'constant',
  batchSize: 32,
  seed: 1,
} as const;

/** What the experiments of the same names say: experiments/two-moons.yaml and so on. */
export const shipped: Readonly<Record<Source, Choice>> = {
  'two-moons': { ...usual, source: 'two-moons', noise: 0.1, units: [8], learningRate: 0.05, epochs: 20 },
  spirals: {
    ...usual,
    source: 'spirals',
    noise: 0.03,
    units: [16, 16],
    learningRate: 0.02,
    schedule: 'cosine',
    epochs: 100,
  },
  'mnist-2000': {
    ...usual,
    source: 'mnist-2000',
    units: [32],
    activation: 'relu',
    learningRate: 0.003,
    epochs: 10,
  },
};

export const isPlane = ({ source }: Choice) => source !== 'mnist-2000';

/** Points of a plane, their test set included. */
export const samples = 1000;

export function settingsOf(choice: Choice): ExperimentSettings {
  const { source, noise, schedule, batchSize, epochs, seed } = choice;
  return {
    name: source,
    seed,
    data: { source, ...(isPlane(choice) ? { samples, noise } : {}), validation: 0.2 },
    model: modelOf(choice),
    optimizer: optimizerOf(choice),
    schedule,
    batchSize,
    epochs,
  };
}

function modelOf({ units, activation, normalisation, dropout }: Choice): ExperimentSettings['model'] {
  const hidden = units.flatMap((units) => [
    { kind: 'dense', units },
    ...(normalisation === 'none' ? [] : [normalisation]),
    ...(activation === 'none' ? [] : [activation]),
    ...(dropout === 0 ? [] : [{ kind: 'dropout', rate: dropout }]),
  ]);
  return [...hidden, { kind: 'dense', units: 'classes' }];
}

function optimizerOf({ optimizer, learningRate }: Choice): ExperimentSettings['optimizer'] {
  return optimizer === 'momentum'
    ? { kind: 'sgd', learningRate, momentum: 0.9 }
    : { kind: optimizer, learningRate };
}

/**
 * The command that trains this: the experiment of the data's name, and what is chosen otherwise.
 *
 * @param steps to end after; undefined: after all epochs
 */
export function commandOf(choice: Choice, steps?: number): string {
  const base = shipped[choice.source];
  const { seed, batchSize, epochs, noise, schedule } = choice;
  const words = ['npx train', choice.source];
  const set = (setting: string, value: unknown) => {
    const word = `${setting}=${flow(value)}`;
    words.push(/[ {[]/.test(word) ? `--set "${word}"` : `--set ${word}`);
  };
  if (seed !== base.seed) words.push(`--seed ${seed}`);
  if (steps !== undefined) set('steps', steps);
  else if (epochs !== base.epochs) words.push(`--epochs ${epochs}`);
  if (batchSize !== base.batchSize) words.push(`--batch-size ${batchSize}`);
  if (noise !== base.noise) set('data.noise', noise);
  if (flow(modelOf(choice)) !== flow(modelOf(base))) set('model', modelOf(choice));
  if (flow(optimizerOf(choice)) !== flow(optimizerOf(base))) set('optimizer', optimizerOf(choice));
  if (schedule !== base.schedule) set('schedule', schedule);
  return words.join(' ');
}

/** Plain values as YAML in one line, without quotes: there are none in the names of kinds. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flow(inner)}`)
    .join(', ')}}`;
}
