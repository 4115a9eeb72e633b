/** The head of the page: the model, the end of the training, and the figures on the test set. */
import type { KindConfig } from '../../contracts/fields.ts';
import type { Figures } from '../../contracts/figures.ts';
import { type Confusion, countsOf } from '../../foundation/confusion.ts';
import { duration, grouped } from '../../foundation/format.ts';
import { figureCalled, figureText, lossText } from '../../model/figure-text.ts';
import { pathsOf } from '../../model/network.ts';
import type { RunFacts } from '../../run/run-facts.ts';
import type { RunSummary } from '../../run/summary.ts';
import { figuresOf } from '../../training/evaluation.ts';
import type { RankingFigures } from '../../training/ranking-figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { capital, wordsFor } from './words.ts';

export function headSection(facts: RunFacts, ranking: RankingFigures | undefined): Markup {
  const { experiment } = facts;
  return html`<header>
<h1>${experiment.name} <small>seed ${experiment.seed}</small></h1>
${experiment.description === '' ? undefined : html`<p class="lead">${experiment.description}</p>`}
<p class="model">${layersText(experiment.model)}</p>
${endingOf(facts)}
</header>
<section aria-label="Figures">
<div class="tiles">${tilesOf(facts, ranking)}</div>
</section>`;
}

/**
 * dense 128 → relu → dense classes. A residual block is in brackets, in which x is its input. Only sizes
 * are shown; the experiment below has all settings.
 */
function layersText(model: readonly KindConfig[]): string {
  return model.map(layerText).join(' → ');
}

function layerText(layer: KindConfig): string {
  const paths = pathsOf(layer);
  if (paths) return `[${layersText(paths.layers)} + ${layersText(paths.shortcut) || 'x'}]`;
  return layer.units === undefined ? layer.kind : `${layer.kind} ${layer.units}`;
}

/** Says so if the training did not reach its end. */
function endingOf({ summary, underway, epochs }: RunFacts): Markup | undefined {
  if (underway) return undefined;
  if (!summary) {
    const when =
      epochs.length > 0
        ? `after ${countOf(epochs.length, 'row')} of figures`
        : 'before there were any figures';
    return html`<p class="warning">The training failed or was killed before its end, ${when}: there is no
summary.json.</p>`;
  }
  if (summary.stopped) {
    return html`<p class="warning">The training was stopped after ${countOf(summary.epochs, 'epoch')}
and ${countOf(summary.steps, 'step')} in all; the test set was not looked at.</p>`;
  }
  if (summary.stoppedEarly) {
    return html`<p>Ended early, because it got no better. The weights and the figures on the test set are
those of the best epoch.</p>`;
  }
  return undefined;
}

export function countOf(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function tilesOf(
  { experiment: { claims }, summary, confusion }: RunFacts,
  ranking: RankingFigures | undefined,
): Content {
  if (!summary) return undefined;
  const { test } = summary;
  const published = (name: string) => {
    const value = claims?.[name];
    return typeof value === 'number' ? `published ${figureText(name, value)}` : undefined;
  };
  const figures = Object.keys(test ? figuresOf(test as Figures) : {}).filter((name) => name !== 'loss');
  const several =
    summary.task === 'values' && summary.targets!.length > 1 ? 'mean over the values' : undefined;
  return [
    ...figures.map((name, index) => {
      const { title, note } = figureCalled(name, summary.task);
      const text =
        published(name) ??
        (index === 0 ? hitsText(confusion, wordsFor({ summary }).many) : undefined) ??
        note ??
        several;
      const heading = index === 0 ? `Test ${title}` : capital(title);
      return tile(heading, figureText(name, test![name] as number), text, index === 0 ? 'first' : '');
    }),
    test ? tile('Test loss', lossText(test.loss), 'mean over the test set') : undefined,
    ...Object.entries(ranking?.figures ?? {}).map(([name, value]) => {
      const { title, note } = figureCalled(name);
      return tile(capital(title), figureText(name, value), note ?? rankingNotes[name]);
    }),
    tile('Parameters', grouped(summary.parameters), 'weights, biases and such'),
    tile('Length', countOf(summary.epochs, 'epoch'), countOf(summary.steps, 'step')),
    tile('Time', duration(summary.seconds), threadsText(summary)),
  ];
}

/** A word on figures whose title is not enough. */
const rankingNotes: Readonly<Record<string, string>> = {
  log_loss: 'of the probabilities, unweighted',
};

/** `2 threads`, or if some had nothing to do, `1 of 2 threads`. */
export function threadsText({ threads, activeThreads }: RunSummary): string {
  return activeThreads < threads ? `${activeThreads} of ${threads} threads` : countOf(threads, 'thread');
}

/** 9,828 of 10,000 images */
function hitsText(confusion: Confusion | undefined, many: string): string | undefined {
  if (!confusion) return undefined;
  const { right, samples } = countsOf(confusion);
  return `${grouped(right)} of ${grouped(samples)} ${many}`;
}

function tile(name: string, value: string, note?: string, kind = ''): Markup {
  return html`<dl class="tile ${kind}"><dt>${name}</dt><dd>${value}</dd>${
    note === undefined ? undefined : html`<dd class="note">${note}</dd>`
  }</dl>
`;
}
