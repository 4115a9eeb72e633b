/** The page of a training under way: that of the report, with what is known already. */
import type { Confusion } from '../foundation/confusion.ts';
import { shortEpoch } from '../foundation/format.ts';
import { confusionSection } from '../report/page/confusion-map.ts';
import { curveParts } from '../report/page/curves.ts';
import { newestEpochs } from '../report/page/epoch-table.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { headSection } from '../report/page/overview.ts';
import type { PageParts } from '../report/page/page.ts';
import { provenanceSection } from '../report/page/provenance.ts';
import type { RunFacts } from '../run/run-facts.ts';
import { thinnedFacts } from './thinned-facts.ts';

/** What is known of a training under way. */
export interface Underway {
  facts: RunFacts;
  /** Of the last evaluation. */
  confusion: { epoch: number; matrix: Confusion } | undefined;
  /** Pictures of the first layer. */
  weights: Markup;
}

/** Rows of the table of epochs; metrics.csv has all of them. */
const tableRows = 100;

/** The parts, after those that come first. */
export function runParts(first: Readonly<Record<string, Markup>>, underway: Underway): PageParts {
  const { facts, weights } = underway;
  const { charts, ...curves } = curveParts(thinnedFacts(facts));
  return {
    parts: {
      ...first,
      head: headSection(facts, undefined),
      ...curves,
      epochs: newestEpochs(facts, tableRows),
      confusion: confusionPart(underway),
      weights,
      provenance: provenanceSection(facts),
    },
    charts,
  };
}

function confusionPart({ facts, confusion }: Underway): Markup {
  if (!confusion) return html``;
  const set = facts.experiment.data.monitor === 'test' ? 'test' : 'validation';
  const when = `, epoch ${shortEpoch(confusion.epoch)}`;
  return confusionSection({ ...facts, confusion: confusion.matrix }, { set, when, kept: false });
}
