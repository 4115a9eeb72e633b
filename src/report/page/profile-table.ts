/** What each thread spent its time on, if the training was profiled. */
import type { ThreadSeconds } from '../../engine/profile.ts';
import { runFiles } from '../../run/run-files.ts';
import { html, type Markup } from './markup.ts';

export function profileSection(threads: readonly ThreadSeconds[] | undefined): Markup {
  if (!threads || threads.length === 0) return html``;
  const names = Object.keys(threads[0]!) as (keyof ThreadSeconds)[];
  const shown = names.filter((name) => threads.some((seconds) => seconds[name] > 0));
  const rows = threads.map((seconds, thread) => {
    const all = names.reduce((sum, name) => sum + seconds[name], 0);
    const cells = shown.map((name) => {
      const share = all > 0 ? (100 * seconds[name]) / all : 0;
      return html`<td><span class="bar" style="--s:${share.toFixed(1)}%"></span>
<span class="share">${seconds[name].toFixed(2)} s, ${Math.round(share)} %</span></td>`;
    });
    return html`<tr><th scope="row">${thread + 1}</th>${cells}</tr>
`;
  });
  return html`<section>
<h2>What the threads did</h2>
<p>Seconds of each thread in the whole training, and their share. Waiting is for the other threads, or for a
core. ${runFiles.profile} has them by epoch; ${runFiles.trace} can be opened at ui.perfetto.dev.</p>
<div class="scroll"><table class="numbers classes profile">
<thead><tr>${['thread', ...shown].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}
