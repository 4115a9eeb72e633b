/** The page of a training under way: that of the report, with what is known already. */
import type { Confusion } from '../foundation/confusion.ts';
import { shortEpoch } from '../foundation/format.ts';
import { confusionSection } from '../report/page/confusion-map.ts';
import { curveParts } from '../report/page/curves.ts';
import { html, type Markup } from '../report/page/markup.ts';
import { type PageParts, partsOf } from '../report/page/page.ts';
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
  const { facts } = underway;
  const { parts, charts } = partsOf(thinnedFacts(facts), undefined);
  const { head, curvesHead, curves, epochs, ...rest } = parts;
  return {
    parts: {
      ...first,
      ...{ head: head!, curvesHead: curvesHead!, curves: curves! },
      epochs: newestEpochs(facts, epochs!),
      confusion: confusionPart(underway),
      weights: underway.weights,
      // What the report has besides, without those of the same names.
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !own.has(name))),
    },
    charts,
  };
}

const own = new Set(['confusion', 'weights', 'firstLayer']);

function newestEpochs(facts: RunFacts, all: Markup): Markup {
  const { epochs, timing } = facts;
  if (epochs.length <= tableRows) return all;
  const [rows, times] = [epochs.slice(-tableRows), timing.slice(-tableRows)];
  return html`<p class="note">The newest ${tableRows} of ${epochs.length} rows:</p>
${curveParts({ ...facts, epochs: rows, timing: times }).epochs}`;
}

function confusionPart({ facts, confusion }: Underway): Markup {
  if (!confusion) return html``;
  const set = facts.experiment.data.monitor === 'test' ? 'test' : 'validation';
  const when = `, epoch ${shortEpoch(confusion.epoch)}`;
  return confusionSection({ ...facts, confusion: confusion.matrix }, { set, when, kept: false });
}
