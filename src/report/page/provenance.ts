/** What was run, on which machine and data, and how to run it again. */
import { heldOutText } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import { runFiles } from '../../run/run-files.ts';
import { type Content, html, type Markup } from './markup.ts';
import { threadsText } from './overview.ts';
import { wordsFor } from './words.ts';

export function provenanceSection({ experiment, config, summary, underway }: RunFacts): Markup {
  const facts: [string, Content][] = [
    ['data', experiment.data.source],
    [
      'validation',
      experiment.data.monitor === 'test'
        ? 'the test set was watched during the training'
        : `${heldOutText(experiment.data.validation, wordsFor({ summary, underway }).many)} were held out`,
    ],
  ];
  if (summary) {
    facts.push(
      [
        'weights',
        html`sha256 <code>${summary.weightsSha256}</code>${
          summary.result === 'best' ? ', those of the best epoch' : undefined
        }`,
      ],
      ['data digest', html`sha256 <code>${summary.dataSha256}</code>`],
      ['settings digest', html`sha256 <code>${summary.fingerprint}</code>`],
      ['time', `${summary.seconds} s from the start of the command, on ${threadsText(summary)}`],
      ['kernels', summary.kernels],
      ['versions', `Lockstep ${summary.lockstep}, Node.js ${summary.node}, ${summary.platform}`],
    );
  }
  if (experiment.claims) facts.push(['published by', experiment.claims.source]);
  const finished = summary !== undefined && !summary.stopped;
  const commands = [
    `npx train ${runFiles.config} --out again   # trains it again into a new folder`,
    finished ? 'npx train verify .                     # trains it again and compares every bit' : [],
    'npx train report .                     # writes this page again',
  ].flat();
  const again = html`<h3>Run it again</h3>
<p>In the folder of this page, with any number of threads:</p>
<pre>${commands.join('\n')}</pre>
${
  finished
    ? html`<p>Both trainings must end with weights of
sha256 <code>${summary.weightsSha256.slice(0, 16)}…</code>, whatever the machine and the number of
threads.</p>`
    : undefined
}`;
  return html`<section>
<h2>What was run</h2>
<dl class="facts">
${facts.map(
  ([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>
`,
)}</dl>
<h3>The experiment, with every setting</h3>
<pre>${config}</pre>
${underway ? undefined : again}
</section>`;
}
