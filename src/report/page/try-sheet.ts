/** The sheet to draw on, and its tools. */
import type { PictureInput } from '../browser/try/facts.ts';
import { html, type Markup } from './markup.ts';

export function drawingTools({ shape: [, , channels] }: PictureInput): Markup {
  return html`<div class="try-sheet">
<canvas width="1" height="1" tabindex="0" role="application" aria-label="sheet to draw on"
aria-describedby="try-keys"></canvas>
<span class="try-pen" hidden></span>
</div>
<div class="try-buttons">
<button type="button" data-act="undo">Undo</button>
<button type="button" data-act="clear">Clear</button>
<label>pen <input type="range" data-pen="size" min="0.4" max="2" step="0.1" value="1"></label>
${channels === 3 ? html`<label>colour <input type="color" data-pen="colour" value="#202020"></label>` : undefined}
</div>
<details>
<summary>Keys and files</summary>
<p class="note" id="try-keys">With the keyboard: arrows move the pen, with Shift faster; Space puts it down and
lifts it; Z takes the last stroke back; Delete clears.</p>
<p class="note">A picture of your own can be dropped here, or opened. A drawing that you save is predicted by
<code>train predict</code> with the same bits.</p>
<div class="try-buttons"><label class="try-file">Open a picture
<input type="file" accept="image/*"></label>
<button type="button" data-act="save">Save as PNG</button></div>
</details>`;
}
