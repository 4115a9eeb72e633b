/** What an initializer is: a rule that draws the elements of a parameter from a named stream. */
import type { Stream } from '../foundation/random.ts';
import { erase } from './erase.ts';
import type { Config, Fields } from './fields.ts';

/** The parameter that is drawn. */
export interface Initialized {
  /** Of a matrix; a vector is a single row. */
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
   * Gives the function that draws the elements, in row-major order, rows x columns of them. Elements that depend on each
   * other are drawn all at once, here.
   */
  build(config: Config<F>, parameter: Initialized, random: Stream): () => number;
}

export function initializer<const F extends Fields>(kind: InitializerKind<F>): InitializerKind {
  return erase<InitializerKind>(kind);
}
