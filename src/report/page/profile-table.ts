/** What each thread spent its time on, and what they waited for, if the training was profiled. */
import type { ThreadSeconds } from '../../engine/profile.ts';
import { type Wait, waitTable } from '../../engine/waits.ts';
import type { RunProfile } from '../../run/record-profile.ts';
import { runFiles } from '../../run/run-files.ts';
import { html, type Markup } from './markup.ts';

export function profileSection(profile: RunProfile | undefined): Markup {
  if (!profile || profile.threads.length === 0) return html``;
  const { threads, waits } = profile;
  const names = Object.keys(threads[0]!) as (keyof ThreadSeconds)[];
  const shown = names.filter((name) => threads.some((seconds) => seconds[name] > 0));
  const times = threads.map((seconds) => names.reduce((sum, name) => sum + seconds[name], 0));
  const rows = threads.map((seconds, thread) => {
    const cells = shown.map((name) => timeCell(seconds[name], times[thread]!));
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
${waitingPart(
  waits,
  times.reduce((sum, time) => sum + time, 0),
)}</section>`;
}

/** A table of waiting by phase and cause. `all`: seconds of all threads together. */
function waitingPart(waits: readonly Wait[], all: number): Markup {
  const { causes, rows } = waitTable(waits);
  if (rows.length === 0) return html``;
  const lines = rows.map(({ name, seconds, all: whole }) => {
    const inPhase = seconds.some((value) => value > 0);
    const cells = seconds.map((value) => (inPhase ? timeCell(value, all) : html`<td></td>`));
    return html`<tr><th scope="row">${name}</th>${cells}${timeCell(whole, all)}</tr>
`;
  });
  const titles = ['phase', ...causes, 'in all'];
  return html`<p>What they waited for, all threads together, and its share of their time. Within a phase a
thread finds no block left, because the others have taken all; or it has done its blocks, and others still
hold theirs; or it has given its core away and is asleep; or it is on the way from one block to the next.</p>
<div class="scroll"><table class="numbers classes profile">
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${lines}</tbody></table></div>
`;
}

function timeCell(seconds: number, all: number): Markup {
  const share = all > 0 ? (100 * seconds) / all : 0;
  return html`<td><span class="bar" style="--s:${share.toFixed(1)}%"></span>
<span class="share">${seconds.toFixed(2)} s, ${Math.round(share)} %</span></td>`;
}
