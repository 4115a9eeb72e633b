/** Test samples with what the network says of them, the worst first: pictures, or rows of a table. */
import type { RunFacts } from '../../run/run-facts.ts';
import type { Findings } from '../findings.ts';
import type { Prediction } from '../predictions.ts';
import { samplesOfClasses } from './class-samples.ts';
import { html, type Markup } from './markup.ts';
import { targetExamples } from './target-examples.ts';
import { capital, type SampleWords, wordsFor } from './words.ts';

export function exampleSection(
  facts: RunFacts,
  findings: Findings | { missing: string } | undefined,
): Markup {
  if (!findings) return html``;
  if ('missing' in findings) {
    return html`<section>
<h2>Predictions</h2>
<p class="warning">There are no predictions: ${findings.missing}</p>
</section>`;
  }
  const words = wordsFor(facts);
  return findings.predictions ? ofClasses(facts, findings, words) : targetExamples(findings, words);
}

function ofClasses({ summary }: RunFacts, findings: Findings, { one, many }: SampleWords): Markup {
  const { right, worst, others } = findings.predictions!;
  const nameOf = (c: number) => summary?.classNames?.[c] ?? String(c);
  const group = (title: string, text: string, shown: readonly Prediction[]) =>
    shown.length === 0
      ? undefined
      : html`<h3>${title}</h3>
<p>${text}</p>
${samplesOfClasses(findings, shown, nameOf, one)}`;
  return html`<section>
<h2>Predictions</h2>
<p>${capital(many)} of the test set, each with its actual class and the classes that the network finds most
likely. They are numbered as in the test set, from 0.</p>
${group('The worst mistakes', 'Where the actual class got the lowest probability.', worst)}
${group('Other mistakes', 'The first of them in the test set.', others)}
${group('Right', 'The first of each class in turn.', right)}
${worst.length === 0 ? html`<p>There are no mistakes to show.</p>` : undefined}
</section>`;
}
