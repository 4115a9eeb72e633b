/** The confusion matrix of all seeds or folds together: their counts are added. */
import { type Confusion, countConfusion, pairsOf } from '../../foundation/confusion.ts';
import { confusionSection } from '../page/confusion-map.ts';
import { html, type Markup } from '../page/markup.ts';
import { isJudged, type JointFacts } from './facts.ts';

export function jointConfusion({ kind, parts }: JointFacts): Markup {
  const judged = parts.filter(({ facts }) => isJudged(facts) && facts.confusion);
  const [first] = judged;
  if (!first) return html``;
  const classesOf = ({ facts }: (typeof judged)[number]) =>
    JSON.stringify([facts.confusion!.classes, facts.summary!.classNames]);
  if (judged.some((part) => classesOf(part) !== classesOf(first))) {
    return html`<p class="warning">The ${kind}s do not have the same classes, so their confusions are not added.</p>`;
  }
  const confusion = sumOf(judged.map(({ facts }) => facts.confusion!));
  return html`${confusionSection({ ...first.facts, confusion }, { set: 'test', kept: false })}
<p class="note">${
    kind === 'fold'
      ? `The sum over ${judged.length} folds: each sample was in the test set of one.`
      : `The sum over ${judged.length} seeds, which all have the same test set: ` +
        `each sample counts ${judged.length} times.`
  }</p>`;
}

/** Matrices of the same classes, added. */
export function sumOf(confusions: readonly Confusion[]): Confusion {
  const { classes } = confusions[0]!;
  const counts = new Map<number, number>();
  for (const confusion of confusions) {
    for (const { actual, predicted, count } of pairsOf(confusion)) {
      const key = actual * classes + predicted;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  const sum = countConfusion(classes).confusion;
  if (!sum.counts) return { classes, pairs: counts };
  for (const [key, count] of counts) sum.counts[key] = count;
  return sum;
}
