/** Mean and standard deviation of each figure over the seeds or folds. */
import type { Figures } from '../../contracts/figures.ts';
import { duration, grouped } from '../../foundation/format.ts';
import { meanAndDeviation } from '../../foundation/statistics.ts';
import { figureCalled, figureText } from '../../model/figure-text.ts';
import { figuresOf } from '../../training/evaluation.ts';
import { type Content, html, type Markup } from '../page/markup.ts';
import { capital } from '../page/words.ts';
import { spreadText } from '../spread.ts';
import { isJudged, type JointFacts, type Part } from './facts.ts';

/** A figure on the test set, and its value in each run that has it. */
export interface JointFigure {
  name: string;
  /** For people: `F1`. */
  title: string;
  note: string | undefined;
  values: readonly { part: Part; value: number }[];
}

/** The figures on the test set, the loss last. */
export function jointFigures({ parts }: JointFacts): JointFigure[] {
  const judged = parts.filter(({ facts }) => isJudged(facts));
  if (judged.length === 0) return [];
  const { test, task } = judged[0]!.facts.summary!;
  const names = Object.keys(figuresOf(test as Figures));
  return [...names.filter((name) => name !== 'loss'), 'loss'].map((name) => {
    const { title, note } = figureCalled(name, task);
    const values = judged.map((part) => ({ part, value: part.facts.summary!.test![name] as number }));
    return { name, title, note, values };
  });
}

export function tilesOf(facts: JointFacts): Content {
  const { claims } = facts.parts[0]!.facts.experiment;
  const tiles = jointFigures(facts).map(({ name, title, note, values }, i) => {
    const numbers = values.map(({ value }) => value);
    const published = claims?.[name];
    const text =
      typeof published === 'number'
        ? `published ${figureText(name, published)}`
        : `${note === undefined ? '' : `${note}, `}${figureText(name, Math.min(...numbers))} ` +
          `to ${figureText(name, Math.max(...numbers))}`;
    return tile(
      i === 0 || name === 'loss' ? `Test ${title}` : capital(title),
      spreadText(name, numbers),
      text,
      i === 0,
    );
  });
  return [...tiles, ...costs(facts)];
}

function costs({ kind, parts }: JointFacts): Markup[] {
  const summaries = parts.flatMap(({ facts: { summary } }) => summary ?? []);
  if (summaries.length === 0) return [];
  const seconds = summaries.map((summary) => summary.seconds);
  return [
    tile('Parameters', grouped(summaries[0]!.parameters), 'weights, biases and such'),
    tile('Time', duration(meanAndDeviation(seconds).mean), `a ${kind}, as a mean`),
  ];
}

function tile(name: string, value: string, note: string, first = false): Markup {
  return html`<dl class="tile${first ? ' first' : ''}"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></dl>
`;
}
