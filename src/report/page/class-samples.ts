/** Test samples beside the classes that the network finds most likely: pictures, or rows of a table. */
import type { Findings } from '../findings.ts';
import type { Prediction } from '../predictions.ts';
import { html, type Markup } from './markup.ts';
import { pictureCard } from './pictures.ts';
import { rowTable } from './row-table.ts';
import { bar, shareText } from './words.ts';

export function samplesOfClasses(
  { signature: { features }, test, importance }: Findings,
  predictions: readonly Prediction[],
  nameOf: (c: number) => string,
  word: string,
): Markup {
  if (features.kind === 'floats') {
    const rows = predictions.map(({ index, actual, likely, ofActual }) => {
      const { class: predicted, probability } = likely[0]!;
      const kind = predicted === actual ? 'right' : 'wrong';
      const said = html`<b class="${kind}">${nameOf(predicted)}</b> ${shareText(probability)}`;
      return { index, cells: [nameOf(actual), said, shareText(ofActual)] };
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
