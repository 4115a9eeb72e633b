/** The page of a run: one file that needs no server and no network. The same run gives the same bytes. */
import type { RunFacts } from '../../run/run-facts.ts';
import type { Chart } from '../browser/chart.ts';
import type { Findings } from '../findings.ts';
import { programElement } from './assets.ts';
import { classSection } from './class-table.ts';
import { confusionSection } from './confusion-map.ts';
import { curveParts } from './curves.ts';
import { exampleSection } from './examples.ts';
import { fitSection } from './fit.ts';
import { importanceSection } from './importance.ts';
import { html, jsonElement, type Markup } from './markup.ts';
import { headSection } from './overview.ts';
import { preparationSection } from './preparation.ts';
import { provenanceSection } from './provenance.ts';
import { shell } from './shell.ts';
import { targetSection } from './target-table.ts';

/** What a page consists of. */
export interface PageParts {
  /** By name, in the order of the page. Those that have nothing to show are empty. */
  parts: Readonly<Record<string, Markup>>;
  charts: readonly Chart[];
}

/** The parts of the page. Without findings, they do not mention predictions; they say if they are missing. */
export function partsOf(facts: RunFacts, findings: Findings | { missing: string } | undefined): PageParts {
  const found = findings && 'missing' in findings ? undefined : findings;
  const { charts, ...curves } = curveParts(facts);
  const parts = {
    head: headSection(facts, found?.ranking),
    ...curves,
    confusion: confusionSection(facts),
    classes: classSection(facts),
    targets: targetSection(facts, found),
    fit: found ? fitSection(facts, found) : html``,
    importance: importanceSection(found?.importance) ?? html``,
    examples: exampleSection(facts, findings),
    preparation: found ? preparationSection(found.signature) : html``,
    provenance: provenanceSection(facts),
  };
  return { parts, charts };
}

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
export function page(facts: RunFacts, findings: Findings | { missing: string } | undefined): string {
  const { experiment, summary } = facts;
  const parts = partsOf(facts, findings);
  return shell(
    `${experiment.name}, seed ${experiment.seed} · Lockstep`,
    bodyOf(parts),
    html`${jsonElement('summary', summary ?? null)}
${jsonElement('charts', parts.charts)}
${programElement('page')}`,
  );
}
