/**
 * The mistakes of a cell of the confusion matrix, which a click on it shows. They lie in templates, so a
 * page without scripts shows none of them.
 */
import { grouped } from '../../foundation/format.ts';
import type { Findings } from '../findings.ts';
import { samplesOfClasses } from './class-samples.ts';
import { html, type Markup } from './markup.ts';
import type { SampleWords } from './words.ts';

/** By which a button finds its mistakes. */
export const cellKey = (actual: number, predicted: number) => `${actual}-${predicted}`;

/** The cells whose mistakes are in the page. */
export function clickableCells(findings: Findings | undefined): ReadonlySet<string> {
  const cells = findings?.predictions?.cells ?? [];
  return new Set(cells.map(({ actual, predicted }) => cellKey(actual, predicted)));
}

/** Where the mistakes appear, and all of them. */
export function cellMistakes(
  findings: Findings | undefined,
  nameOf: (c: number) => string,
  { one, many }: SampleWords,
): Markup | undefined {
  const cells = findings?.predictions?.cells ?? [];
  if (cells.length === 0) return undefined;
  const templates = cells.map(({ actual, predicted, count, shown }) => {
    const which =
      count > shown.length
        ? `The ${shown.length} of ${grouped(count)} ${many} where ${nameOf(actual)} got the lowest probability.`
        : count === 1
          ? `The only ${one}.`
          : `${count === 2 ? 'Both' : `All ${count}`} ${many}, the lowest probability of ${nameOf(actual)} first.`;
    return html`<template data-mistakes="${cellKey(actual, predicted)}">
<h3>${nameOf(actual)} taken for ${nameOf(predicted)}</h3>
<p>${which}</p>
${samplesOfClasses(findings!, shown, nameOf, one)}
</template>
`;
  });
  return html`<p class="note needs-script">A click on a count, or on a line of the list, shows these mistakes.</p>
<div class="mistakes" aria-live="polite" tabindex="-1"></div>
${templates}`;
}
