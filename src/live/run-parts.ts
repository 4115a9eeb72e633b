/** The page of a training under way: that of the report, with what is known already. */
import type { Features } from '../data/dataset.ts';
import { shortEpoch } from '../foundation/format.ts';
import type { Confusion } from '../foundation/confusion.ts';
import type { WeightTensor } from '../model/weights.ts';
import { confusionSection } from '../report/page/confusion-map.ts';
import { curveParts } from '../report/page/curves.ts';
import { firstLayerSection } from '../report/page/first-layer.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { type PageParts, partsOf } from '../report/page/page.ts';
import type { RunFacts } from '../run/run-facts.ts';
import { mostRows, thinnedRows } from './thinned-rows.ts';

/** What is known of a training under way. */
export interface Underway {
  facts: RunFacts;
  features: Features | undefined;
  /** Of the last evaluation. */
  confusion: { epoch: number; matrix: Confusion } | undefined;
  /** Of the first dense layer (inputs, units). */
  weights: { epoch: number; tensor: WeightTensor } | undefined;
}

/** Rows of the table of epochs; metrics.csv has all of them. */
const tableRows = 200;

/** The parts, after those that come first. */
export function runParts(first: Readonly<Record<string, Markup>>, underway: Underway): PageParts {
  const { facts } = underway;
  const thinned = thinnedRows(facts);
  const kept = new Set(thinned.map(({ epoch }) => epoch));
  const timing = facts.timing.length <= mostRows ? facts.timing : facts.timing.filter(({ epoch }) => kept.has(epoch));
  const { parts, charts } = partsOf({ ...facts, epochs: thinned, timing }, undefined);
  return {
    parts: {
      ...first,
      ...parts,
      epochs: newestEpochs(facts, parts.epochs),
      confusion: confusionPart(underway),
      weights: weightsPart(underway),
    },
    charts,
  };
}

function newestEpochs(facts: RunFacts, all: Markup | undefined): Markup {
  const { epochs, timing } = facts;
  if (epochs.length <= tableRows) return all ?? html``;
  const [rows, times] = [epochs.slice(-tableRows), timing.slice(-tableRows)];
  return html`<p class="note">The newest ${tableRows} of ${epochs.length} rows:</p>
${curveParts({ ...facts, epochs: rows, timing: times }).epochs}`;
}

function confusionPart({ facts, confusion }: Underway): Markup {
  if (!confusion) return html``;
  const set = facts.experiment.data.monitor === 'test' ? 'test' : 'validation';
  const when = `, epoch ${shortEpoch(confusion.epoch)}`;
  return confusionSection({ ...facts, confusion: confusion.matrix }, { set, when });
}

function weightsPart({ features, weights }: Underway): Markup {
  if (!weights || features?.kind !== 'bytes') return html``;
  return html`${firstLayerSection(features, weights.tensor)}
<p class="note">As they are after epoch ${shortEpoch(weights.epoch)}.</p>`;
}
