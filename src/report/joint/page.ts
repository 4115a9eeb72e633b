/** The page of several seeds or folds of one experiment, one file that needs no network. */
import { counted } from '../../foundation/format.ts';
import { programElement } from '../page/assets.ts';
import { html, jsonElement, type Markup } from '../page/markup.ts';
import { shell } from '../page/shell.ts';
import { jointConfusion } from './confusion.ts';
import { jointCharts, jointCurves } from './curves.ts';
import { dotsSection } from './dots.ts';
import { isJudged, type JointFacts } from './facts.ts';
import { partTable } from './part-table.ts';
import { tilesOf } from './tiles.ts';

export function jointPage(facts: JointFacts): string {
  const { kind, parts } = facts;
  const { experiment } = parts[0]!.facts;
  const charts = jointCharts(facts);
  return shell(
    `${experiment.name}, ${counted(parts.length, kind)} · Lockstep`,
    html`${head(facts)}
${dotsSection(facts)}
${jointCurves(facts, charts)}
${partTable(facts)}
${jointConfusion(facts)}
${provenance(facts)}`,
    html`${jsonElement('charts', charts)}
${programElement('page')}`,
  );
}

function head(facts: JointFacts): Markup {
  const { kind, parts, planned } = facts;
  const { experiment } = parts[0]!.facts;
  const judged = parts.filter((part) => isJudged(part.facts)).length;
  const all = Math.max(planned ?? 0, parts.length);
  return html`<header>
<h1>${experiment.name} <small>${counted(all, kind)}</small></h1>
${experiment.description === '' ? undefined : html`<p class="lead">${experiment.description}</p>`}
<p>${kind === 'seed' ? ofSeeds : ofFolds}</p>
${
  judged < all
    ? html`<p class="warning">${judged} of ${all} ${kind}s came to their end. The figures are theirs alone;
<code>npx train resume .</code> in this folder goes on with the others.</p>`
    : undefined
}
</header>
<section aria-label="Figures">
<div class="tiles">${tilesOf(facts)}</div>
</section>`;
}

const ofSeeds =
  'The same experiment, trained from several seeds: how far the figures lie apart is what chance alone does.';
const ofFolds =
  'A cross-validation: each fold is the test set of one training on all others, ' +
  'so every sample is tested once.';

function provenance({ kind, parts, planned }: JointFacts): Markup {
  const { experiment, config } = parts[0]!.facts;
  const commands =
    planned === undefined
      ? ['npx train report .   # writes this page again']
      : [
          `npx train config.yaml --${kind}s ${planned} --out again   ` +
            '# trains all of it again into a new folder',
          'npx train verify .   # trains each again and compares every bit',
          'npx train report .   # writes this page again',
        ];
  return html`<section>
<h2>What was run</h2>
<dl class="facts">
<div><dt>data</dt><dd>${experiment.data.source}</dd></div>
<div><dt>${kind}s</dt><dd>${parts.map(({ number }) => number).join(', ')}</dd></div>
</dl>
<h3>The experiment of the first ${kind}, with every setting</h3>
<pre>${config}</pre>
<h3>Run it again</h3>
<p>In the folder of this page, with any number of threads:</p>
<pre>${commands.join('\n')}</pre>
</section>`;
}
