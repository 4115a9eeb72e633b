/** What an initializer is: a rule that draws one element of a parameter from a named stream. */
import type { Stream } from '../foundation/random.ts';
import type { Config, Fields } from './fields.ts';

export interface Fans {
  fanIn: number;
  fanOut: number;
}

export interface InitializerKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  /** Gives the function that draws the elements, in row-major order. */
  build(config: Config<F>, fans: Fans, random: Stream): () => number;
}

export function initializer<const F extends Fields>(kind: InitializerKind<F>): InitializerKind {
  return kind as unknown as InitializerKind;
}
