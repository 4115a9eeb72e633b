/** The name of a run in a page: with the colour of its curves, and a link to its own page. */
import { breakable } from '../breakable.ts';
import { html, type Markup } from '../page/markup.ts';
import type { Compared } from './facts.ts';

/** So many colours are easy to tell apart, also for colour-blind readers: --run-1 to --run-8 in page.css. */
export const runColours = 8;

/** The colour of a run, from 1. After the last colour they begin again. */
export const colourOf = ({ index }: Pick<Compared, 'index'>): number => 1 + (index % runColours);

export function runName(one: Compared, link: string | undefined): Markup {
  const { name } = one;
  return html`<span class="run" style="--run:var(--run-${colourOf(one)})"></span>${
    link === undefined ? breakable(name) : html`<a href="${link}">${breakable(name)}</a>`
  }`;
}
