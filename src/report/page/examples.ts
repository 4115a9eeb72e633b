/** Test samples with what the network says of them, the worst first: pictures, or rows of a table. */
import { grouped, significant } from '../../foundation/format.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { Findings } from '../findings.ts';
import type { Miss } from '../misses.ts';
import type { Prediction } from '../predictions.ts';
import { type Content, html, type Markup } from './markup.ts';
import { pictureCard } from './pictures.ts';
import { rowTable } from './row-table.ts';
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
  return findings.predictions ? ofClasses(facts, findings, words) : ofTargets(findings, words);
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
<p>${capital(many)} of the test set, each with its actual class and the classes that the network finds most likely. They
are numbered as in the test set, from 0.</p>
${group('The worst mistakes', 'Where the actual class got the lowest probability.', worst)}
${group('Other mistakes', 'The first of them in the test set.', others)}
${group('Right', 'The first of each class in turn.', right)}
${worst.length === 0 ? html`<p>There are no mistakes to show.</p>` : undefined}
</section>`;
}

function samplesOfClasses(
  { signature: { features }, test, importance }: Findings,
  predictions: readonly Prediction[],
  nameOf: (c: number) => string,
  word: string,
): Markup {
  if (features.kind === 'floats') {
    const rows = predictions.map(({ index, actual, likely, ofActual }) => {
      const { class: predicted, probability } = likely[0]!;
      const kind = predicted === actual ? 'right' : 'wrong';
      return {
        index,
        cells: [
          nameOf(actual),
          html`<b class="${kind}">${nameOf(predicted)}</b> ${shareText(probability)}`,
          shareText(ofActual),
        ],
      };
    });
    return rowTable(features, test, importance, ['actual', 'predicted', 'P(actual)'], rows);
  }
  const cards = predictions.map(({ index, actual, likely }) => {
    const predicted = likely[0]!.class;
    const lines = likely.map(({ class: c, probability }) => {
      const kind = c === actual ? 'hit' : c === predicted ? 'miss' : 'other';
      return bar(kind, probability, nameOf(c), shareText(probability));
    });
    const title =
      predicted === actual
        ? html`<b>${nameOf(actual)}</b>`
        : html`<b>${nameOf(actual)}</b> taken for <b>${nameOf(predicted)}</b>`;
    const alt = `test ${word} ${index}: ${nameOf(actual)}`;
    return pictureCard(features, test, { index, title, alt, lines });
  });
  // Long names need room beside their probabilities.
  const long = predictions.some(({ likely }) => likely.some(({ class: c }) => nameOf(c).length > 5));
  return html`<div class="cards${long ? ' named' : ''}">
${cards}</div>`;
}

function ofTargets({ signature, test, importance, misses }: Findings, { one, many }: SampleWords): Markup {
  const { features, targets } = signature;
  if (targets.kind === 'classes' || !misses) return html``;
  const flags = targets.kind === 'flags';
  const names = targets.names;
  const title = flags ? 'The worst mistakes' : 'The largest errors';
  const text = flags
    ? `${capital(many)} of the test set with a wrong flag, those where what is right got the lowest probability.`
    : `${capital(many)} of the test set whose predicted ${names.length > 1 ? 'values are' : 'value is'} furthest off${
        names.length > 1 ? ', each error in deviations of its value' : ''
      }.`;
  const shown = flags ? (actual: number) => (actual === 1 ? 'yes' : 'no') : valueText;
  const said = (value: number, actual: number): Content =>
    flags
      ? html`<b class="${value > 0.5 === (actual === 1) ? 'right' : 'wrong'}">${shareText(value)}</b>`
      : valueText(value);
  const body =
    misses.length === 0
      ? html`<p>There are no mistakes to show.</p>`
      : features.kind === 'floats'
        ? rowTable(
            features,
            test,
            importance,
            names.flatMap((name) => [name, flags ? 'P(yes)' : 'predicted']),
            misses.map(({ index, actual, predicted }) => ({
              index,
              cells: names.flatMap((_, c) => [shown(actual[c]!), said(predicted[c]!, actual[c]!)]),
            })),
          )
        : html`<div class="cards named">
${misses.map((miss) => targetCard(signature.features as typeof features, test, names, miss, { flags, one }))}</div>`;
  return html`<section>
<h2>Predictions</h2>
<h3>${title}</h3>
<p>${text} They are numbered as in the test set, from 0.</p>
${body}
</section>`;
}

function targetCard(
  features: Parameters<typeof pictureCard>[0],
  test: Findings['test'],
  names: readonly string[],
  { index, actual, predicted }: Miss,
  { flags, one }: { flags: boolean; one: string },
): Markup {
  const lines = names.map((name, c) => {
    const [own, said] = [actual[c]!, predicted[c]!];
    if (!flags) return bar('other', 0, name, `${valueText(own)} → ${valueText(said)}`);
    const right = said > 0.5 === (own === 1);
    return bar(right ? 'hit' : 'miss', said, name, `${own === 1 ? 'yes' : 'no'}: ${shareText(said)}`);
  });
  return pictureCard(features, test, { index, title: '', alt: `test ${one} ${index}`, lines });
}

function bar(kind: string, share: number, name: string, text: string): Markup {
  const fill = `--s:${(share * 100).toFixed(1)}%`;
  return html`<li class="${kind}" style="${fill}"><b>${name}</b>
<span>${text}</span></li>`;
}

const valueText = (value: number) => (Number.isInteger(value) ? grouped(value) : significant(value));

/** A probability in three digits. If it would round to certainty or to zero, a bound is given instead. */
function shareText(probability: number): string {
  if (probability > 0.999) return '> 99.9 %';
  if (probability < 0.001) return '< 0.1 %';
  return `${(probability * 100).toFixed(1)} %`;
}
