/** A choice behind the # of the address, so that it can be handed on as a link. */
import {
  activations,
  type Choice,
  normalisations,
  optimizers,
  type Source,
  schedules,
  shipped,
  sources,
} from './choice.ts';
import { ranges } from './ranges.ts';

/** What differs from the experiment of the data's name. */
export function addressOf(choice: Choice): string {
  const base = shipped[choice.source];
  const given = new URLSearchParams({ source: choice.source });
  for (const [name, value] of Object.entries(choice)) {
    if (String(value) !== String(base[name as keyof Choice])) given.set(name, String(value));
  }
  return given.toString();
}

/** The choice of an address. What it does not say, or says wrongly, is as in the experiment. */
export function choiceAt(address: string): Choice {
  const given = new URLSearchParams(address);
  const one = <T extends string>(name: string, of: readonly T[], otherwise: T): T =>
    of.find((known) => known === given.get(name)) ?? otherwise;
  const source: Source = one('source', sources, 'two-moons');
  const base = shipped[source];
  const number = (name: Exclude<keyof typeof ranges, 'layers' | 'units'>): number => {
    const value = Number(given.get(name) ?? Number.NaN);
    const { least, most, whole } = ranges[name];
    const right = value >= least && value <= most && (!whole || Number.isInteger(value));
    return right ? value : base[name];
  };
  return {
    source,
    noise: source === 'mnist-2000' ? base.noise : number('noise'),
    units: unitsAt(given.get('units')) ?? base.units,
    activation: one('activation', activations, base.activation),
    normalisation: one('normalisation', normalisations, base.normalisation),
    dropout: number('dropout'),
    optimizer: one('optimizer', optimizers, base.optimizer),
    learningRate: number('learningRate'),
    schedule: one('schedule', schedules, base.schedule),
    batchSize: number('batchSize'),
    epochs: number('epochs'),
    seed: number('seed'),
  };
}

/** `16,8`; an empty text is no hidden layer. */
function unitsAt(text: string | null): number[] | undefined {
  if (text === null) return undefined;
  const units = text === '' ? [] : text.split(',').map(Number);
  const right = units.every((count) => Number.isInteger(count) && count >= 1 && count <= ranges.units.most);
  return right && units.length <= ranges.layers.most ? units : undefined;
}
