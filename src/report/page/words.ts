/** Words of a page: what it calls the samples of its run, and titles. */
import type { RunFacts } from '../../run/run-facts.ts';

export interface SampleWords {
  one: string;
  many: string;
}

/** `image`, `row`, or if nothing is known, `sample`. */
export function wordsFor({ summary }: Pick<RunFacts, 'summary'>): SampleWords {
  const one = summary?.columns ? 'row' : summary?.height ? 'image' : 'sample';
  return { one, many: `${one}s` };
}

/** As the first word of a title. A symbol such as r2 stays as it is. */
export function capital(text: string): string {
  return /^[a-z]\d/.test(text) ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
