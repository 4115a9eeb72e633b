/** Samples whose values or flags are predicted worst: pictures with a list, or rows of a table. */
import { grouped, significant } from '../../foundation/format.ts';
import type { Findings } from '../findings.ts';
import type { Miss } from '../misses.ts';
import { type Content, html, type Markup } from './markup.ts';
import { pictureCard } from './pictures.ts';
import { rowTable } from './row-table.ts';
import { bar, capital, type SampleWords, shareText } from './words.ts';

export function targetExamples(findings: Findings, words: SampleWords): Markup {
  const { targets } = findings.signature;
  const { misses } = findings;
  if (targets.kind === 'classes' || !misses) return html``;
  const flags = targets.kind === 'flags';
  return html`<section>
<h2>Predictions</h2>
<h3>${flags ? 'The worst mistakes' : 'The largest errors'}</h3>
<p>${introduction(flags, targets.names.length, words)} They are numbered as in the test set, from 0.</p>
${
  misses.length === 0
    ? html`<p>There are no mistakes to show.</p>`
    : samplesOfTargets(findings, misses, { names: targets.names, flags, word: words.one })
}
</section>`;
}

function introduction(flags: boolean, targets: number, { many }: SampleWords): string {
  const samples = `${capital(many)} of the test set`;
  if (flags) {
    return `${samples} with a wrong flag, those where what is right got the lowest probability.`;
  }
  return targets > 1
    ? `${samples} whose predicted values are furthest off, each error in deviations of its value.`
    : `${samples} whose predicted value is furthest off.`;
}

interface Shown {
  names: readonly string[];
  flags: boolean;
  word: string;
}

function samplesOfTargets(
  { signature: { features }, test, importance }: Findings,
  misses: readonly Miss[],
  { names, flags, word }: Shown,
): Markup {
  if (features.kind === 'floats') {
    const headings = names.flatMap((name) => [name, flags ? 'P(yes)' : 'predicted']);
    const rows = misses.map(({ index, actual, predicted }) => ({
      index,
      cells: names.flatMap((_, c) => cellsOf(actual[c]!, predicted[c]!, flags)),
    }));
    return rowTable(features, test, importance, headings, rows);
  }
  const cards = misses.map(({ index, actual, predicted }) => {
    const lines = names.map((name, c) => lineOf(name, actual[c]!, predicted[c]!, flags));
    return pictureCard(features, test, { index, title: '', alt: `test ${word} ${index}`, lines });
  });
  return html`<div class="cards named">
${cards}</div>`;
}

function cellsOf(actual: number, predicted: number, flags: boolean): [Content, Content] {
  if (!flags) return [valueText(actual), valueText(predicted)];
  const kind = isRight(actual, predicted) ? 'right' : 'wrong';
  return [yesText(actual), html`<b class="${kind}">${shareText(predicted)}</b>`];
}

function lineOf(name: string, actual: number, predicted: number, flags: boolean): Markup {
  if (!flags) return bar('other', 0, name, `${valueText(actual)} → ${valueText(predicted)}`);
  const kind = isRight(actual, predicted) ? 'hit' : 'miss';
  return bar(kind, predicted, name, `${yesText(actual)}: ${shareText(predicted)}`);
}

const isRight = (actual: number, probability: number) => probability > 0.5 === (actual === 1);
const yesText = (actual: number) => (actual === 1 ? 'yes' : 'no');
/** Actual and predicted values stand side by side, so that large ones are written alike. */
const valueText = (value: number) =>
  Number.isInteger(value) || Math.abs(value) >= 10_000 ? grouped(value) : significant(value);
