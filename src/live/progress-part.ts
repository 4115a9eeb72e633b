/**
 * The part at the top of a live page: bars, figures that change all the time, the button that stops. The
 * markup holds none of their values, so it need not be sent again; the program of the page puts them in.
 */
import { html, type Markup } from '../report/page/markup.ts';

export interface ProgressNames {
  /** Bars: the name in the figures, both of a text and of a share; and for people. */
  bars: readonly (readonly [name: string, title: string])[];
  /** Texts, likewise. */
  tiles: readonly (readonly [name: string, title: string])[];
  /** What the button stops: `the training`. */
  what: string;
}

export function progressPart({ bars, tiles, what }: ProgressNames): Markup {
  return html`<section class="live" aria-label="Progress">
<p class="live-state"><b data-text="state" role="status"></b> <span data-text="note"></span>
<button type="button" data-stop hidden title="as Ctrl-C does: ${what} ends after this step, and can go on later">
stop ${what}</button></p>
<p class="warning" data-trouble role="status" hidden></p>
<div class="live-bars">
${bars.map(
  ([name, title]) => html`<div><span>${title}</span>
<progress max="1" data-share="${name}" aria-label="${title}"></progress>
<span data-text="${name}"></span></div>
`,
)}</div>
<dl class="live-figures">
${tiles.map(
  ([name, title]) => html`<div><dt>${title}</dt><dd data-text="${name}"></dd></div>
`,
)}</dl>
</section>`;
}
