/**
 * The first layer as pictures while it is trained. They take some ten times as long to make as the rest of
 * the page, so they have a pace of their own, and the curves need not wait for them.
 */
import type { Signature } from '../data/split.ts';
import { shortEpoch } from '../foundation/format.ts';
import type { NumberTensor } from '../model/weights.ts';
import { firstWeightsSection } from '../report/page/first-weights.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { type Pacer, pacer, pauses } from './pacer.ts';

export interface FirstWeights {
  /** The pictures that were made last; empty before. */
  readonly section: Markup;
  /** How often they may be made. Reading the weights counts, too. */
  readonly pace: Pacer;
  /** Makes them anew, of the weights that `firstWeightsOf` names. */
  make(signature: Signature, epoch: number, weights: NumberTensor): void;
}

export function firstWeights(): FirstWeights {
  let section = html``;
  return {
    get section() {
      return section;
    },
    pace: pacer(pauses.pictures),
    make(signature, epoch, weights) {
      section = html`${firstWeightsSection(signature, weights)}
<p class="note">As they are after epoch ${shortEpoch(epoch)}.</p>`;
    },
  };
}
