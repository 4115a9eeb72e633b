/** The page of a run: one file that needs no server and no network, the same bytes for the same run. */
import type { RunFacts } from '../run-facts.ts';
import { assets } from './assets.ts';
import { classSection } from './class-table.ts';
import { confusionSection } from './confusion-map.ts';
import { curvesSection } from './curves.ts';
import { html, jsonElement, raw } from './markup.ts';
import { headSection } from './overview.ts';
import { type Pictures, pictureSection } from './pictures.ts';
import { provenanceSection } from './provenance.ts';

/** Nothing may be loaded from anywhere; what there is stands in the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** The whole page; without `pictures`, nothing is said of them. */
export function page(facts: RunFacts, pictures: Pictures | undefined): string {
  const { experiment, summary } = facts;
  const { charts, section } = curvesSection(facts);
  const { style, program, notice } = assets();
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${experiment.name}, seed ${experiment.seed} · Lockstep</title>
<style>
${raw(style)}</style>
</head>
<body>
<main>
${headSection(facts)}
${section}
${confusionSection(facts)}
${classSection(facts)}
${pictureSection(pictures)}
${provenanceSection(facts)}
</main>
${jsonElement('summary', summary ?? null)}
${jsonElement('charts', charts)}
<!--
${raw(notice)}-->
<script>
${raw(program.library)}</script>
<script type="module">
${raw(program.charts)}</script>
</body>
</html>
`;
  return markup.text;
}
