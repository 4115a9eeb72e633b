/** The part of a page on which a network is tried: by drawing, or with a form that has a field a column. */

import { grouped } from '../../foundation/format.ts';
import type { NetworkPlan } from '../../model/network.ts';
import type { NumberTensor } from '../../model/weights.ts';
import { asWeights } from '../../model/weights.ts';
import { foreignLayer, type PortableNetwork, portableOf } from '../../training/portable/portable.ts';
import { portableProgram } from './assets.ts';
import { html, jsonElement, type Markup, raw } from './markup.ts';
import { type Tried, tryFacts } from './try-facts.ts';
import { formFields } from './try-form.ts';
import { drawingTools } from './try-sheet.ts';

/** Bytes of weights that a report carries. */
export const mostCarried = 1_000_000;

export interface TriedNetwork extends Tried {
  network: NetworkPlan;
  parameters: readonly NumberTensor[];
  state: readonly NumberTensor[];
}

export interface TryPart {
  /** What is seen. */
  section: Markup;
  /** What the program of the page needs; it stands behind all that is seen. */
  behind: Markup;
}

/** Why a page does not carry a network, if it does not. */
export function whyNotCarried({ network, parameters, state }: TriedNetwork): 'size' | 'layers' | undefined {
  if (foreignLayer(network) !== undefined) return 'layers';
  return bytesOf([...parameters, ...state]) > mostCarried ? 'size' : undefined;
}

const bytesOf = (tensors: readonly NumberTensor[]) =>
  tensors.reduce((sum, { values }) => sum + 4 * values.length, 0);

/** In a report: the network itself, or what to do so that it can be tried. */
export function tryInReport(tried: TriedNetwork): TryPart {
  const numbers = [...tried.parameters, ...tried.state];
  // A network that diverged has nothing to say.
  if (numbers.some(({ values }) => values.some((value) => !Number.isFinite(value)))) return nothing;
  const why = whyNotCarried(tried);
  if (why === undefined) return tryPart(tried);
  const { title } = wordsOf(tried);
  const reason =
    why === 'size'
      ? html`<p>Its weights are ${grouped(bytesOf(numbers))} bytes, too many to come along in a report. A page of
its own has room for them. In the folder of this report:</p>
<pre>npx train export . --format html --out try.html   # writes the page, one file
npx train serve .                                  # or shows it at http://127.0.0.1:8000</pre>`
      : html`<p>It has layers of your own modules, which this page does not know. <code>npx train serve .</code>,
called in the folder of this report, shows a page that asks the server.</p>`;
  return {
    section: html`<section>
<h2>${title}</h2>
${reason}
</section>`,
    behind: html``,
  };
}

const nothing: TryPart = { section: html``, behind: html`` };

/** The part with the network in it; or with none, if the server of the page predicts. */
export function tryPart(tried: TriedNetwork): TryPart {
  const facts = tryFacts(tried);
  const { title, text } = wordsOf(tried);
  const { input, samples, noun } = facts;
  const section = html`<section class="try" data-try>
<h2 id="try">${title}</h2>
<p class="needs-script">${text}</p>
<p class="warning try-off">It needs scripts, which are switched off.</p>
<div class="try-body needs-script">
<div class="try-given">
${input.kind === 'picture' ? drawingTools(input) : formFields(input)}
${samples.length > 1 ? sampleButtons(noun) : undefined}
</div>
<div class="try-answer">
<p class="try-said" aria-hidden="true"></p>
<p class="try-heard" aria-live="polite"></p>
<ol class="odds" aria-label="${facts.task === 'values' ? 'predicted values' : 'probabilities'}"></ol>
${input.kind === 'picture' ? seen : undefined}
</div>
</div>
</section>`;
  return { section, behind: html`${jsonElement('try-facts', facts)}${carried(tried)}` };
}

function carried(tried: TriedNetwork): Markup {
  const { program, kernels } = portableProgram();
  const text = (id: string, type: string, contents: string) =>
    html`<script type="${type}" id="${id}">${raw(contents)}</script>
`;
  if (tried.asks) return text('try-program', 'text/plain', program);
  const { json, weights }: PortableNetwork = portableOf({
    ...tried,
    parameters: asWeights(tried.parameters),
    state: asWeights(tried.state),
  });
  return html`
${text('try-program', 'text/plain', program)}${jsonElement('try-network', json)}
${text('try-kernels', 'application/wasm;base64', kernels)}${text(
  'try-weights',
  'application/octet-stream;base64',
  Buffer.from(weights.buffer).toString('base64'),
)}`;
}

function wordsOf({ signature: { features, targets }, asks }: TriedNetwork): { title: string; text: string } {
  const where = asks
    ? 'The server of this page answers'
    : 'The network is in this page and nothing leaves it. The answers are those of the command line';
  const what =
    targets.kind === 'values' ? 'predicts' : targets.kind === 'flags' ? 'sees in it' : 'takes it for';
  return features.kind === 'bytes'
    ? {
        title: 'Draw one yourself',
        text: `Draw something, and see what the network ${what}. ${where}, to the bit.`,
      }
    : {
        title: 'Try a row of your own',
        text:
          'Change a field, and see what the network ' +
          `${targets.kind === 'values' ? 'predicts' : 'says'}. ${where}, to the bit.`,
      };
}

const sampleButtons = (noun: string) => html`<div class="try-buttons try-samples">
<span>A test ${noun}:</span>
<button type="button" data-sample="before" aria-label="the ${noun} before">←</button>
<button type="button" data-sample="next" aria-label="the next ${noun}">→</button>
<button type="button" data-sample="any">any</button>
<span class="try-sample note" role="status"></span>
</div>`;

const seen = html`<figure>
<canvas class="try-seen" width="1" height="1" role="img" aria-label="the picture as the network sees it"></canvas>
<figcaption>As the network sees it<span class="try-notes"></span></figcaption>
</figure>`;
