/** The network: drawn, and as the table of `train explain`. */
import { flopsText, grouped } from '../../foundation/format.ts';
import { layerTexts } from '../../model/model-text.ts';
import { forwardFlops, parameterCount } from '../../model/network.ts';
import type { TrainedNetwork } from '../../run/read-trained.ts';
import { html, type Markup } from './markup.ts';
import { networkDrawing } from './network-drawing.ts';

export function networkSection({
  experiment: { model },
  network,
  signature: { features, targets },
}: Pick<TrainedNetwork, 'experiment' | 'network' | 'signature'>): Markup {
  const outputs =
    targets.kind === 'classes' ? `${grouped(targets.count)} classes` : targets.names.slice(0, 3).join(', ');
  const more = targets.kind === 'classes' ? 0 : targets.names.length - 3;
  const ends = {
    inputs:
      `${grouped(network.inputs)} inputs: ` +
      `${features.kind === 'bytes' ? sizeText(features.shape) : 'a row'}`,
    outputs: more > 0 ? `${outputs} and ${more} more` : outputs,
  };
  const rows = layerTexts(model, network).map(
    ({ depth, name, kind, outputs, parameters, count, flops, notes }) => html`<tr><th scope="row"
style="padding-left:${14 + 16 * depth}px">${kind} <span class="note">${name}</span></th>${
      outputs === undefined
        ? html`<td></td><td></td><td></td><td></td><td></td>`
        : html`<td>${grouped(outputs)}</td><td>${parameters || '–'}</td><td>${grouped(count)}</td>
<td>${grouped(flops)}</td><td class="words">${notes.join(', ')}</td>`
    }</tr>
`,
  );
  return html`<section>
<h2>The network</h2>
<p>${grouped(parameterCount(network))} parameters; ${flopsText(forwardFlops(network))}, multiplications and
additions, for the forward pass of a sample, zeros counted. The numbers between the layers say how many values
pass for each sample.</p>
<div class="beside">
<div class="scroll">${networkDrawing(model, network, ends)}</div>
<div class="scroll"><table class="numbers layers">
<thead><tr>${['layer', 'outputs', 'parameters', 'count', 'flops', ''].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</div>
</section>`;
}

/** `28 × 28 pixels`, `32 × 32 × 3 pixels` */
function sizeText([height, width, channels]: readonly [number, number, number]): string {
  return `${height} × ${width}${channels === 1 ? '' : ` × ${channels}`} pixels`;
}
