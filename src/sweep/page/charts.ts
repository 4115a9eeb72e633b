/**
 * The charts of a sweep's page, as SVG that takes its colours from the style sheet and needs no program. The
 * library that draws the curves of a run has no parallel coordinates, and its legend does not suit a hundred
 * lines.
 */
import { counted, grouped } from '../../foundation/format.ts';
import { figureScale } from '../../report/figure-scale.ts';
import { numberScale, type Scale } from '../../report/page/axis.ts';
import { type Content, html, type Markup } from '../../report/page/markup.ts';
import { type Coordinate, drawing, frame, label, round } from '../../report/page/plot.ts';
import { peaksOf } from '../../report/traces.ts';
import { figureText, shortNames } from '../figure-text.ts';
import { figureName } from '../objective.ts';
import type { TrialResult } from '../trial.ts';
import { axisPlaces } from './axis-places.ts';
import { classOf, type SweepFacts, trialName, trialText, varied } from './facts.ts';
import { scaleOf, shownRange } from './scale.ts';

/** The most lines: nobody can distinguish more. The best are drawn. */
const mostDrawn = 500;
/** More than this are drawn paler. */
const mostPlain = 100;
/** The most points of all curves together, and the least of one. */
const [mostPoints, leastPoints] = [20_000, 24];

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

/** The axis of the objective, and what of the values is beyond its end. */
interface ObjectiveAxis extends Scale {
  /** `3 trials are below 71.2 %, and stand at the lower edge`; undefined if all are within. */
  beyond(values: readonly (readonly number[])[], what: Beyond): string | undefined;
}

/** What is drawn: dots and lines that stand at the edge, or curves that go along it for a while. */
type Beyond = 'trials' | 'curves';

function objectiveAxis({ sweep: { objective } }: SweepFacts, given: readonly number[]): ObjectiveAxis {
  const [low, high] = shownRange(given.filter(Number.isFinite), objective.goal);
  const scale = figureScale(figureName(objective), low, high);
  const [edge, limit] = objective.goal === 'maximize' ? ['lower', low] : ['upper', high];
  const isBeyond = (value: number) => value < low || value > high;
  return {
    ...scale,
    beyond(values, what) {
      const count = values.filter((of) => of.some(isBeyond)).length;
      if (count === 0) return undefined;
      const side = `${edge === 'lower' ? 'below' : 'above'} ${figureText(objective, limit)}`;
      const one = count === 1;
      if (what === 'trials') {
        return (
          `${counted(count, 'trial')} ${one ? 'is' : 'are'} ${side}, ` +
          `and ${one ? 'stands' : 'stand'} at the ${edge} edge`
        );
      }
      return (
        `${counted(count, 'curve')} ${one ? 'is' : 'are'} ${side} for a while, ` +
        `and there ${one ? 'follows' : 'follow'} the ${edge} edge`
      );
    },
  };
}

function line(kind: string, points: readonly (readonly [number, number])[], title: string): Markup {
  const text = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return html`<polyline class="${kind}" points="${text}"><title>${title}</title></polyline>
`;
}

function dot(kind: string, [x, y]: readonly [number, number], size: number, title?: string): Markup {
  const text = title === undefined ? undefined : html`<title>${title}</title>`;
  return html`<circle class="${kind}" cx="${round(x)}" cy="${round(y)}" r="${size}">${text}</circle>
`;
}

/** A drawing that is wider than a phone: there it keeps a legible size, and is pushed to and fro. */
function wide(caption: readonly (string | undefined)[], picture: Markup, width: number): Markup {
  const known = caption.filter((text) => text !== undefined);
  return html`<figure class="chart"><div class="scroll"><div style="min-width:${round(width * 0.78)}px">${picture}</div></div>
<figcaption>${known.length > 0 ? `${known.map(sentence).join(' ')}` : undefined}</figcaption></figure>
`;
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

/** Lines or dots; if there are very many, paler ones. */
function together(marks: readonly Content[]): Content {
  return marks.length > mostPlain ? html`<g class="dense">${marks}</g>` : marks;
}

/** Says so if not all trials are drawn. */
function undrawn({ trials }: SweepFacts): string | undefined {
  const drawable = trials.filter(({ status }) => status !== 'failed').length;
  return drawable > mostDrawn
    ? `only the best ${mostDrawn} of ${grouped(drawable)} trials are drawn`
    : undefined;
}

/** Parallel coordinates: an axis for each parameter and one for the objective. Each trial is a line. */
export function parallelCoordinates(facts: SweepFacts): Markup {
  const { sweep } = facts;
  const trials = inOrder(facts);
  const dimensions = varied(sweep);
  const figures = trials.map(({ value }) => value);
  const objective = objectiveAxis(facts, figures);
  const scales = [
    ...dimensions.map((dimension) => scaleOf(dimension, valuesOf(trials, dimension.path))),
    objective,
  ];
  const names = [...shortNames(dimensions.map(({ path }) => path)), sweep.objective.name];
  const axes = names.map((name, i) => ({ name, ticks: scales[i]!.ticks }));
  const { left, width } = axisPlaces(axes, 1000);
  const [top, height] = [34, 300];
  const y: Coordinate = (place) => top + (1 - place) * height;
  const lines = trials.map((trial) => {
    const values = [...dimensions.map(({ path }) => trial.parameters[path]), trial.value];
    const points = values.map((value, i) => [left[i]!, y(scales[i]!.place(value))] as const);
    return line(classOf(facts, trial), points, trialText(facts, trial));
  });
  const drawn = axes.map(({ name, ticks }, i) => {
    const x = round(left[i]!);
    return html`<g class="axis"><line x1="${x}" x2="${x}" y1="${top}" y2="${top + height}"/>
<text class="name" x="${x}" y="18" text-anchor="middle">${name}</text>
${ticks.map(({ place, label: name }) => label(x - 6, y(place) + 4, name, 'end'))}</g>
`;
  });
  const picture = drawing(width, top + height + 16, 'parallel coordinates', [together(lines), drawn]);
  const beyond = objective.beyond(
    figures.map((value) => [value]),
    'trials',
  );
  return wide([beyond, undrawn(facts)], picture, width);
}

/** The objective against each parameter. */
export function scatters(facts: SweepFacts): Markup {
  const { sweep } = facts;
  const trials = inOrder(facts);
  const dimensions = varied(sweep);
  const names = shortNames(dimensions.map(({ path }) => path));
  const figures = trials.map(({ value }) => value);
  const vertical = objectiveAxis(facts, figures);
  const beyond = vertical.beyond(
    figures.map((value) => [value]),
    'trials',
  );
  return html`<div class="charts">${dimensions.map((dimension, i) => {
    const { path } = dimension;
    const horizontal = scaleOf(dimension, valuesOf(trials, path));
    const name = `${sweep.objective.name} against ${path}`;
    const place = (trial: TrialResult, x: Coordinate, y: Coordinate) =>
      [x(horizontal.place(trial.parameters[path])), y(vertical.place(trial.value))] as const;
    const picture = frame({ width: 440, height: 240, horizontal, vertical, name }, (x, y) =>
      trials.map((trial) => dot(classOf(facts, trial), place(trial, x, y), 4, trialName(facts, trial))),
    );
    const note = [names[i] === path ? undefined : path, beyond].filter((text) => text !== undefined);
    return html`<figure class="chart"><figcaption><b>${names[i]}</b> ${note.join('; ')}</figcaption>
${picture}</figure>
`;
  })}</div>`;
}

/** The objective of each training after each evaluation. Lines of stopped trainings end with a dot. */
export function learningCurves(facts: SweepFacts): Markup {
  const trials = inOrder(facts);
  const curves = trials.flatMap((trial) =>
    trial.lines.map(({ history }) => ({
      trial,
      points: history.filter(([, value]) => Number.isFinite(value)),
    })),
  );
  const points = curves.flatMap((curve) => curve.points);
  const longest = points.reduce((most, [epoch]) => Math.max(most, epoch), 1);
  const vertical = objectiveAxis(
    facts,
    points.map(([, value]) => value),
  );
  const horizontal = numberScale(0, longest);
  const room = Math.max(leastPoints, Math.floor(mostPoints / curves.length));
  const name = 'learning curves';
  const picture = frame({ width: 1000, height: 340, horizontal, vertical, name, below: 'epoch' }, (x, y) =>
    together(
      curves.map(({ trial, points }): Content => {
        const places = peaksOf(points, room).map(
          ([epoch, value]) => [x(horizontal.place(epoch)), y(vertical.place(value))] as const,
        );
        const end = places.at(-1);
        const kind = classOf(facts, trial);
        const size = trial.status === 'stopped' ? 3 : 2;
        return end && html`${line(kind, places, trialName(facts, trial))}${dot(kind, end, size)}`;
      }),
    ),
  );
  const thinned = curves.some(({ points }) => points.length > room)
    ? `of each curve at most ${room} points are drawn, with its peaks`
    : undefined;
  const beyond = vertical.beyond(
    curves.map(({ points }) => points.map(([, value]) => value)),
    'curves',
  );
  return wide([beyond, thinned, undrawn(facts)], picture, 1000);
}
