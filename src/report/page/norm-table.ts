/** The sizes of the weights and of the gradients, tensor by tensor, as bars. */
import { grouped } from '../../foundation/format.ts';
import type { LayerNode } from '../../model/network.ts';
import type { Norms, Size } from '../norms.ts';
import { html, type Markup } from './markup.ts';
import type { SampleWords } from './words.ts';

/** @param layers by the paths in their parameters' ids: `model.0` */
export function normSection(
  { tensors, samples }: Norms,
  layers: ReadonlyMap<string, Pick<LayerNode, 'path' | 'config'>>,
  { many }: SampleWords,
): Markup {
  if (tensors.length === 0) return html``;
  const largest = (sizeOf: (t: Norms['tensors'][number]) => Size | undefined) =>
    Math.max(0, ...tensors.map((tensor) => sizeOf(tensor)?.rms ?? 0));
  const [mostWeight, mostGradient] = [largest((t) => t.weights), largest((t) => t.gradient)];
  const rows = tensors.map(({ id, shape, frozen, weights, gradient }) => {
    const at = id.lastIndexOf('.');
    const [layer, parameter] = [id.slice(0, at), id.slice(at + 1)];
    const none = html`<td colspan="2" class="none">${frozen ? 'frozen' : '–'}</td>`;
    return html`<tr><th scope="row">${layers.get(layer)!.config.kind} <span class="note">${layers.get(layer)!.path}</span></th>
<th scope="row">${parameter}</th><td>${shape.map(grouped).join(' × ')}</td>
${cells(weights, mostWeight)}
${samples === 0 ? undefined : gradient ? cells(gradient, mostGradient) : none}</tr>
`;
  });
  const gradientHead = samples === 0 ? [] : ['gradient, RMS', 'norm'];
  return html`<section>
<h2>Sizes of weights and gradients</h2>
<p>Of each parameter at the end: the root mean square (RMS) of its entries, as a bar beside the largest, and its
norm, the root of the sum of their squares. ${
    samples === 0
      ? html`The gradients are left out: the test ${many} are not at hand or too few, or they would take too long.`
      : html`The gradients are those of the mean loss over the first ${samples} test ${many}, at the same
weights, by the code that trains: dropout drops, batch normalisation uses these ${many}, no weight decay and no
augmentation. In a network of many layers, much smaller gradients in the first ones mean that these learn
slowly.`
  }</p>
<div class="scroll"><table class="numbers classes norms">
<thead><tr>${['layer', '', 'shape', 'weights, RMS', 'norm', ...gradientHead].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>
</section>`;
}

function cells({ rms, norm }: Size, largest: number): Markup {
  const share = largest > 0 ? rms / largest : 0;
  return html`<td><span class="bar" style="--s:${(share * 100).toFixed(1)}%"></span>
<span class="share">${short(rms)}</span></td><td>${short(norm)}</td>`;
}

/** Three digits, whatever the size: 0.0312, 1.2e-7. */
const short = (value: number) => String(Number(value.toPrecision(3))).replaceAll('-', '−');
