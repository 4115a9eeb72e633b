/**
 * The first layer as pictures while it is trained. They take some ten times as long to make as the rest of
 * the page, so they have a pace of their own, and the curves need not wait for them.
 */
import type { Signature } from '../data/split.ts';
import { shortEpoch } from '../foundation/format.ts';
import type { NumberTensor } from '../model/weights.ts';
import { firstLayerSection } from '../report/page/first-layer.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { pacer, pauses } from './pacer.ts';

export interface FirstWeights {
  /** The pictures that were made last; empty before. */
  readonly section: Markup;
  readonly due: boolean;
  /** Makes them anew. `read` gives the weights (inputs, units). */
  take(signature: Signature, epoch: number, read: () => NumberTensor | undefined): void;
}

export function firstWeights(): FirstWeights {
  const pace = pacer(pauses.pictures);
  let section = html``;
  return {
    get section() {
      return section;
    },
    get due() {
      return pace.due;
    },
    take(signature, epoch, read) {
      pace.spend(() => {
        const tensor = read();
        if (!tensor) return;
        section = html`${firstLayerSection(signature, tensor)}
<p class="note">As they are after epoch ${shortEpoch(epoch)}.</p>`;
      });
    },
  };
}
