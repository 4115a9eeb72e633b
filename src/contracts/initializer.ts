/** An initializer is a rule that draws the elements of a parameter from a named stream. */
import type { Stream } from '../foundation/random.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';

/** The parameter that is drawn. */
export interface Initialized {
  /** Rows of a matrix; 1 for a vector. */
  rows: number;
  columns: number;
  fanIn: number;
  fanOut: number;
}

export interface InitializerKind<F extends Fields = Fields> {
  kind: string;
  summary: string;
  fields: F;
  /**
   * Returns the function that draws the rows x columns elements, in row-major order. If the elements depend
   * on each other, they are all drawn here at once.
   */
  build(config: Config<F>, parameter: Initialized, random: Stream): () => number;
}

export function initializer<const F extends Fields>(kind: InitializerKind<F>): InitializerKind {
  return erase<InitializerKind>('initializer', kind);
}
