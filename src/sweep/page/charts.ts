/**
 * The charts of a sweep's page, as SVG that takes its colours from the style sheet and needs no program. The
 * library that draws the curves of a run has no parallel coordinates, and its legend does not suit a hundred
 * lines.
 */
import { figureCalled } from '../../model/figure-text.ts';
import { numberScale, type Scale } from '../../report/page/axis.ts';
import { type Content, html, type Markup } from '../../report/page/markup.ts';
import { type Coordinate, drawing, frame, label, round } from '../../report/page/plot.ts';
import { figureText, shortNames } from '../figure-text.ts';
import { figureName } from '../objective.ts';
import type { TrialResult } from '../trial.ts';
import { classOf, type SweepFacts, trialText, varied } from './facts.ts';
import { scaleOf, shownRange } from './scale.ts';

/** The most lines: nobody can distinguish more. The best are drawn. */
const mostDrawn = 500;

/** Trials in the order of drawing. The best comes last, so that it is on top of the others. */
function inOrder({ trials }: SweepFacts): TrialResult[] {
  return trials
    .filter(({ status }) => status !== 'failed')
    .slice(0, mostDrawn)
    .toReversed();
}

function valuesOf(trials: readonly TrialResult[], path: string): unknown[] {
  return trials.map(({ parameters }) => parameters[path]);
}

function objectiveScale({ sweep: { objective } }: SweepFacts, values: readonly number[]): Scale {
  const [low, high] = shownRange(values, objective.goal);
  // Of other numbers than shares, an axis needs no more digits than its ticks have.
  const share = figureCalled(figureName(objective)).unit === 'share';
  return numberScale(low, high, share ? (value) => figureText(objective, value) : undefined);
}

function line(facts: SweepFacts, trial: TrialResult, points: readonly (readonly [number, number])[]): Markup {
  const text = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return html`<polyline class="${classOf(facts, trial)}" points="${text}">${title(facts, trial)}</polyline>
`;
}

function dot(facts: SweepFacts, trial: TrialResult, [x, y]: readonly [number, number], size: number): Markup {
  return html`<circle class="${classOf(facts, trial)}" cx="${round(x)}" cy="${round(y)}" r="${size}">
${title(facts, trial)}</circle>
`;
}

/** The text that browsers show while the pointer is on a trial. */
function title(facts: SweepFacts, trial: TrialResult): Markup {
  return html`<title>${trialText(facts, trial)}</title>`;
}

/** Parallel coordinates: an axis for each parameter and one for the objective. Each trial is a line. */
export function parallelCoordinates(facts: SweepFacts): Markup {
  const { sweep } = facts;
  const trials = inOrder(facts);
  const dimensions = varied(sweep);
  const names = [...shortNames(dimensions.map(({ path }) => path)), sweep.objective.name];
  const figures = trials.map(({ value }) => value);
  const scales = [
    ...dimensions.map((dimension) => scaleOf(dimension, valuesOf(trials, dimension.path))),
    objectiveScale(facts, figures),
  ];
  const [width, top, height] = [1000, 34, 300];
  const left = (i: number) => 70 + (i * (width - 160)) / Math.max(1, scales.length - 1);
  const y: Coordinate = (place) => top + (1 - place) * height;
  const lines = trials.map((trial) => {
    const values = [...dimensions.map(({ path }) => trial.parameters[path]), trial.value];
    return line(
      facts,
      trial,
      values.map((value, i) => [left(i), y(scales[i]!.place(value))] as const),
    );
  });
  const axes = scales.map(({ ticks }, i) => {
    const x = round(left(i));
    return html`<g class="axis"><line x1="${x}" x2="${x}" y1="${top}" y2="${top + height}"/>
<text class="name" x="${x}" y="18" text-anchor="middle">${names[i]}</text>
${ticks.map(({ place, label: name }) => label(x - 6, y(place) + 4, name, 'end'))}</g>
`;
  });
  return drawing(width, top + height + 16, 'parallel coordinates', [lines, axes]);
}

/** The objective against each parameter. */
export function scatters(facts: SweepFacts): Markup {
  const { sweep } = facts;
  const trials = inOrder(facts);
  const dimensions = varied(sweep);
  const names = shortNames(dimensions.map(({ path }) => path));
  const figures = trials.map(({ value }) => value);
  const vertical = objectiveScale(facts, figures);
  return html`<div class="charts">${dimensions.map((dimension, i) => {
    const { path } = dimension;
    const horizontal = scaleOf(dimension, valuesOf(trials, path));
    const name = `${sweep.objective.name} against ${path}`;
    const place = (trial: TrialResult, x: Coordinate, y: Coordinate) =>
      [x(horizontal.place(trial.parameters[path])), y(vertical.place(trial.value))] as const;
    const picture = frame({ width: 440, height: 240, horizontal, vertical, name }, (x, y) =>
      trials.map((trial) => dot(facts, trial, place(trial, x, y), 4)),
    );
    return html`<figure class="chart"><figcaption><b>${names[i]}</b> ${path}</figcaption>
${picture}</figure>
`;
  })}</div>`;
}

/** The objective of each training after each evaluation. Lines of stopped trainings end with a dot. */
export function learningCurves(facts: SweepFacts): Markup {
  const trials = inOrder(facts);
  const points = trials.flatMap(({ lines }) => lines.flatMap(({ history }) => history));
  const longest = points.reduce((most, [epoch]) => Math.max(most, epoch), 1);
  const values = points.map(([, value]) => value);
  const vertical = objectiveScale(facts, values);
  const horizontal = numberScale(0, longest);
  const name = 'learning curves';
  return frame({ width: 1000, height: 340, horizontal, vertical, name, below: 'epoch' }, (x, y) =>
    trials.flatMap((trial) =>
      trial.lines.map(({ history }): Content => {
        const places = history.map(
          ([epoch, value]) => [x(horizontal.place(epoch)), y(vertical.place(value))] as const,
        );
        const end = places.at(-1);
        const size = trial.status === 'stopped' ? 3 : 2;
        return end && html`${line(facts, trial, places)}${dot(facts, trial, end, size)}`;
      }),
    ),
  );
}
