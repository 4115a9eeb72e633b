/** The trainings of a sweep that are at work: a table, and their curves over those that have ended. */
import { numberScale } from '../report/page/axis.ts';
import { type Content, html, type Markup } from '../report/page/markup.ts';
import { frame, round } from '../report/page/plot.ts';
import { peaksOf } from '../report/traces.ts';
import { figureText, shortNames, shortValue } from '../sweep/figure-text.ts';
import { varied } from '../sweep/page/facts.ts';
import { shownRange } from '../sweep/page/scale.ts';
import type { AtWork, SweepProgress } from '../sweep/progress.ts';
import type { Sweep } from '../sweep/read.ts';
import type { Point } from '../sweep/run-training.ts';

/** Trainings at work that are shown, ended ones that are drawn behind them, and points of a curve. */
const [mostShown, mostBehind, mostPoints] = [64, 100, 200];

export function runningTrials(sweep: Sweep, progress: SweepProgress): Markup {
  const all = [...progress.atWork.values()].sort((a, b) => a.trial.number - b.trial.number);
  if (all.length === 0) return html``;
  const shown = all.slice(0, mostShown);
  const more = all.length - shown.length;
  return html`<section>
<h2>At work</h2>
${curves(sweep, progress, shown)}
<div class="scroll">${table(sweep, shown)}</div>
${more > 0 ? html`<p class="note">And ${more} more.</p>` : undefined}
</section>`;
}

function table(sweep: Sweep, shown: readonly AtWork[]): Markup {
  const { objective, seeds } = sweep;
  const dimensions = varied(sweep);
  const names = shortNames(dimensions.map(({ path }) => path));
  const heads = ['trial', ...(seeds > 1 ? ['seed'] : []), 'epoch', objective.name, ...names];
  const rows = shown.map(({ trial, run, epoch, epochs, value }) => {
    const cells = [
      ...(seeds > 1 ? [String(run.seed)] : []),
      epochs > 0 ? `${shortValue(epoch)} of ${shortValue(epochs)}` : 'starting',
      figureText(objective, value),
      ...dimensions.map(({ path }) => shortValue(trial.parameters[path])),
    ];
    return html`<tr><th scope="row">${nameOf(trial, run)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
  });
  return html`<table class="numbers"><thead><tr>${heads.map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table>`;
}

/** Its number; from the folder alone only its training is known. */
const nameOf = ({ number }: AtWork['trial'], { id }: AtWork['run']) =>
  Number.isNaN(number) ? id.slice(0, 8) : String(number);

/**
 * The objective of each training at work after each evaluation, over thin curves of those that have ended.
 */
function curves(sweep: Sweep, { results }: SweepProgress, shown: readonly AtWork[]): Markup | undefined {
  const { objective } = sweep;
  const drawn = shown.filter(({ history }) => history.length > 0);
  if (drawn.length === 0) return undefined;
  const ended = results.slice(-mostBehind).flatMap(({ lines }) => lines.map(({ history }) => history));
  const every = [...drawn.map(({ history }) => history), ...ended].map(few);
  const points = every.flat();
  const longest = points.reduce((most, [epoch]) => Math.max(most, epoch), 1);
  const [low, high] = shownRange(
    points.map(([, value]) => value),
    objective.goal,
  );
  const name = `${objective.name} of the trainings at work`;
  const scales = { horizontal: numberScale(0, longest), vertical: numberScale(low, high) };
  const picture = frame({ width: 1000, height: 300, ...scales, name, below: 'epoch' }, (x, y) => {
    const line = (history: readonly Point[], kind: string, title?: string): Content => {
      const places = history.map(
        ([epoch, value]) =>
          [round(x(scales.horizontal.place(epoch))), round(y(scales.vertical.place(value)))] as const,
      );
      const [end] = places.slice(-1);
      if (!end) return undefined;
      const told = title === undefined ? undefined : html`<title>${title}</title>`;
      const dot =
        kind === 'running'
          ? html`<circle class="running" cx="${end[0]}" cy="${end[1]}" r="3">${told}</circle>`
          : undefined;
      return html`<polyline class="${kind}" points="${places.map((place) => place.join(',')).join(' ')}">${told}</polyline>${dot}
`;
    };
    return [
      ...ended.map((history) => line(few(history), 'stopped')),
      ...drawn.map(({ trial, run, history }) => line(few(history), 'running', `trial ${nameOf(trial, run)}`)),
    ];
  });
  return html`<p>${objective.name} on the validation set: thick lines are at work, thin ones have ended.</p>
<div class="scroll">${picture}</div>`;
}

const few = (history: readonly Point[]) => peaksOf(history, mostPoints);
