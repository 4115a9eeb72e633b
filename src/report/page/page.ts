/** The page of a run: one file that needs no server and no network. The same run gives the same bytes. */
import type { RunFacts } from '../../run/run-facts.ts';
import { assets } from './assets.ts';
import { classSection } from './class-table.ts';
import { confusionSection } from './confusion-map.ts';
import { curvesSection } from './curves.ts';
import { html, jsonElement, raw } from './markup.ts';
import { headSection } from './overview.ts';
import { type Pictures, pictureSection } from './pictures.ts';
import { provenanceSection } from './provenance.ts';
import { shell } from './shell.ts';

/** The whole page. Without `pictures`, the page does not mention any. */
export function page(facts: RunFacts, pictures: Pictures | undefined): string {
  const { experiment, summary } = facts;
  const { charts, section } = curvesSection(facts);
  const { program, notice } = assets();
  return shell(
    `${experiment.name}, seed ${experiment.seed} · Lockstep`,
    html`${headSection(facts)}
${section}
${confusionSection(facts)}
${classSection(facts)}
${pictureSection(pictures)}
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
