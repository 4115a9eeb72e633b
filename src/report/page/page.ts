/** The page of a run: one file that needs no server and no network. The same run gives the same bytes. */
import type { RunFacts } from '../../run/run-facts.ts';
import type { Findings } from '../findings.ts';
import { assets } from './assets.ts';
import { classSection } from './class-table.ts';
import { confusionSection } from './confusion-map.ts';
import { curvesSection } from './curves.ts';
import { exampleSection } from './examples.ts';
import { fitSection } from './fit.ts';
import { importanceSection } from './importance.ts';
import { html, jsonElement, raw } from './markup.ts';
import { headSection } from './overview.ts';
import { preparationSection } from './preparation.ts';
import { provenanceSection } from './provenance.ts';
import { shell } from './shell.ts';
import { targetSection } from './target-table.ts';

/** The whole page. Without findings, the page does not mention predictions; it says if they are missing. */
export function page(facts: RunFacts, findings: Findings | { missing: string } | undefined): string {
  const found = findings && 'missing' in findings ? undefined : findings;
  const { experiment, summary } = facts;
  const { charts, section } = curvesSection(facts);
  const { program, notice } = assets();
  return shell(
    `${experiment.name}, seed ${experiment.seed} · Lockstep`,
    html`${headSection(facts, found?.ranking)}
${section}
${confusionSection(facts)}
${classSection(facts)}
${targetSection(facts, found)}
${found && fitSection(facts, found)}
${importanceSection(found?.importance)}
${exampleSection(facts, findings)}
${found && preparationSection(found.signature)}
${provenanceSection(facts)}`,
    html`${jsonElement('summary', summary ?? null)}
${jsonElement('charts', charts)}
<!--
${raw(notice)}-->
<script>
${raw(program.library)}</script>
<script type="module">
${raw(program.charts)}</script>
`,
  );
}
