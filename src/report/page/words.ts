/** Words of a page: what it calls the samples of its run, titles, and how likely something is. */
import type { DataFacts, RunFacts } from '../../run/run-facts.ts';
import { html, type Markup } from './markup.ts';

export { shareText } from '../browser/share-text.ts';

export interface SampleWords {
  one: string;
  many: string;
}

/** `image`, `row`, or if nothing is known, `sample`. */
export function wordsFor({ summary, underway }: Pick<RunFacts, 'summary' | 'underway'>): SampleWords {
  const known: DataFacts | undefined = summary ?? underway;
  const one = known?.columns ? 'row' : known?.height ? 'image' : 'sample';
  return { one, many: `${one}s` };
}

/** As the first word of a title. A symbol such as r2 stays as it is. */
export function capital(text: string): string {
  return /^[a-z]\d/.test(text) ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

/** An item of a list with a bar behind it. `kind`: hit, miss or other. */
export function bar(kind: string, share: number, name: string, text: string): Markup {
  const fill = `--s:${(share * 100).toFixed(1)}%`;
  return html`<li class="${kind}" style="${fill}"><b>${name}</b>
<span>${text}</span></li>`;
}
