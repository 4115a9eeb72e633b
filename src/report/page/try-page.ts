/** A page on which a network is tried, and nothing else: what an export writes and a server shows at `/`. */
import { grouped } from '../../foundation/format.ts';
import { programElement } from './assets.ts';
import { type Content, html } from './markup.ts';
import { shell } from './shell.ts';
import { type TriedNetwork, tryPart } from './try-part.ts';

export interface TryPageOptions {
  /** What comes below, such as how programs ask the server. */
  below?: Content;
  /** The page may ask the server that it came from. */
  served?: boolean;
}

export function tryPage(tried: TriedNetwork, { below, served = false }: TryPageOptions = {}): string {
  const { section, behind } = tryPart(tried);
  const { experiment, weightsSha256, parameters } = tried;
  const count = parameters.reduce((sum, { values }) => sum + values.length, 0);
  return shell(
    `${experiment.name} · Lockstep`,
    html`<h1>${experiment.name}</h1>
<p class="note">A network of ${grouped(count)} weights that Lockstep has trained, sha256
<code>${weightsSha256.slice(0, 16)}…</code></p>
<div class="part" data-part="try">
${section}
</div>
${below}`,
    html`${behind}${programElement('try')}`,
    { tried: true, served },
  );
}
