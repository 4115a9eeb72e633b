/** The page of a run: one file that needs no server and no network. The same run gives the same bytes. */
import type { PictureProfile } from '../../data/pictures/profile.ts';
import type { TrainedNetwork } from '../../run/read-trained.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { Chart } from '../browser/chart.ts';
import { type FeatureMaps, makesMaps } from '../feature-maps.ts';
import type { Findings } from '../findings.ts';
import type { Norms } from '../norms.ts';
import { programElement } from './assets.ts';
import { classSection } from './class-table.ts';
import { confusionSection } from './confusion-map.ts';
import { curveParts } from './curves.ts';
import { epochSection } from './epoch-table.ts';
import { exampleSection } from './examples.ts';
import { featureMapSection } from './feature-map-tables.ts';
import { firstWeightsOf, firstWeightsSection } from './first-weights.ts';
import { fitSection } from './fit.ts';
import { importanceSection } from './importance.ts';
import { html, jsonElement, type Markup } from './markup.ts';
import { networkSection } from './network.ts';
import { normSection } from './norm-table.ts';
import { headSection } from './overview.ts';
import { preparationSection } from './preparation.ts';
import { profileSection } from './profile-table.ts';
import { provenanceSection } from './provenance.ts';
import { shell } from './shell.ts';
import { targetSection } from './target-table.ts';
import { trySamples } from './try-facts.ts';
import { type TryPart, tryInReport } from './try-part.ts';
import { wordsFor } from './words.ts';

/** What a page consists of. */
export interface PageParts {
  /** By name, in the order of the page. Those that have nothing to show are empty. */
  parts: Readonly<Record<string, Markup>>;
  charts: readonly Chart[];
  /** What the parts need that is not seen. */
  behind?: Markup | undefined;
}

/** What there is to tell of the trained network itself. */
export interface Inside {
  trained: TrainedNetwork;
  norms: Norms;
  /** Of some test samples; undefined if these are missing, or if no layer makes any. */
  maps: FeatureMaps | undefined;
  /** Of pictures, how others are made like those of the training. */
  profile: PictureProfile | undefined;
}

/**
 * The parts of the page. Without findings, they do not mention predictions; they say if they are missing.
 *
 * @param inside undefined if the weights cannot be read, or as long as the training goes on
 */
export function partsOf(
  facts: RunFacts,
  findings: Findings | { missing: string } | undefined,
  inside?: Inside,
): PageParts {
  const found = findings && 'missing' in findings ? undefined : findings;
  const network = inside ? insideParts(facts, inside, found) : insideNothing;
  const tried = inside ? tryPartOf(inside, found) : undefined;
  const { charts, ...curves } = curveParts(facts);
  const parts = {
    head: headSection(facts, found?.ranking),
    ...curves,
    epochs: epochSection(facts),
    confusion: confusionSection(facts, { set: 'test' }, found),
    classes: classSection(facts),
    targets: targetSection(facts, found),
    fit: found ? fitSection(facts, found) : html``,
    importance: importanceSection(found?.importance) ?? html``,
    examples: exampleSection(facts, findings),
    try: tried?.section ?? html``,
    ...network,
    preparation: found ? preparationSection(found.signature) : html``,
    profile: profileSection(facts.profile),
    provenance: provenanceSection(facts),
  };
  return { parts, charts, behind: tried?.behind };
}

/** The network at the reader's own hands, and the samples that the page shows anyway. */
function tryPartOf({ trained, profile }: Inside, findings: Findings | undefined): TryPart {
  const { right, worst, others } = findings?.predictions ?? { right: [], worst: [], others: [] };
  const shown = [...right, ...worst, ...others, ...(findings?.misses ?? [])].map(({ index }) => index);
  const { features } = trained.signature;
  const samples = findings ? trySamples(features, findings.test, shown) : [];
  return tryInReport({ ...trained, profile, samples });
}

function insideParts(
  facts: RunFacts,
  { trained, norms, maps }: Inside,
  findings: Findings | undefined,
): Readonly<Record<string, Markup>> {
  const { experiment, network, signature, parameters } = trained;
  const first = firstWeightsOf(network);
  const layers = new Map(
    network.nodes.map((node) => [node.path.replaceAll('[', '.').replaceAll(']', ''), node]),
  );
  return {
    firstLayer: first === undefined ? html`` : firstWeightsSection(signature, parameters[first]!),
    ...(makesMaps(network) ? { maps: featureMapSection(facts, maps, findings) } : {}),
    network: networkSection({ experiment, network, signature }),
    norms: normSection(norms, layers, wordsFor(facts)),
  };
}

const insideNothing: Readonly<Record<string, Markup>> = {
  firstLayer: html``,
  network: html``,
  norms: html``,
};

/** The parts one below the other, each in an element that a program finds by its name. */
export function bodyOf({ parts }: PageParts): Markup {
  const elements = Object.entries(parts).map(
    ([name, content]) => html`<div class="part" data-part="${name}">
${content}
</div>
`,
  );
  return html`${elements}`;
}

/** The whole page of a run. */
export function page(
  facts: RunFacts,
  findings: Findings | { missing: string } | undefined,
  inside?: Inside,
): string {
  const { experiment, summary } = facts;
  const parts = partsOf(facts, findings, inside);
  return shell(
    `${experiment.name}, seed ${experiment.seed} · Lockstep`,
    bodyOf(parts),
    html`${jsonElement('summary', summary ?? null)}
${jsonElement('charts', parts.charts)}
${parts.behind}${programElement('page')}`,
    {
      tried: parts.behind !== undefined && parts.behind.text !== '',
      mapped: 'maps' in parts.parts,
    },
  );
}
