/** Figures as people read them, by their names. */
import type { FigureText } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import { percent, significant } from '../foundation/format.ts';
import { figuresFor, taskFigures } from './catalogue.ts';

const loss: FigureText = { name: 'loss', title: 'loss', better: 'less', unit: 'number' };
/** How many of the most likely classes a top-k accuracy looks at. */
const tops = [2, 3, 5];

/** Figures that need all probabilities at once, so that only evaluate and the report have them. */
const ranking: readonly FigureText[] = [
  ...tops.map(
    (k): FigureText => ({
      name: `top_${k}_accuracy`,
      title: `top-${k} accuracy`,
      better: 'more',
      unit: 'share',
    }),
  ),
  { name: 'roc_auc', title: 'ROC AUC', note: 'macro average', better: 'more', unit: 'number' },
  { name: 'log_loss', title: 'log loss', better: 'less', unit: 'number' },
];

/** The k for which a top-k accuracy says something of so many classes. */
export function topCounts(classes: number): readonly number[] {
  return classes === 3 ? [2] : [3, 5].filter((k) => k < classes);
}

const byName = new Map(
  [loss, ...ranking, ...[...taskFigures.values()].flatMap(({ figures }) => figures)]
    .reverse()
    .map((f) => [f.name, f]),
);

/** What is known of a figure: of this task, or else of any. */
export function figureCalled(name: string, task?: Task): FigureText {
  const own = task && figuresOfTask(task).find((figure) => figure.name === name);
  const others = [...taskFigures.values()].flatMap(({ figures }) => figures);
  const any = byName.get(name) ?? others.find((figure) => figure.name === name);
  return own ?? any ?? { name, title: name, better: 'more', unit: 'number' };
}

/** The figures of a task, without the loss. */
export function figuresOfTask(task: Task): readonly FigureText[] {
  return figuresFor(task).figures;
}

/** A loss with four decimals; a huge one, of a training that diverges, in a column's width: 1.01e+37. */
export function lossText(loss: number): string {
  return Math.abs(loss) < 1e6 ? loss.toFixed(4) : loss.toPrecision(3);
}

/** A share in percent, any other number with four digits. */
export function figureText(name: string, value: number): string {
  if (name === 'loss') return lossText(value);
  return figureCalled(name).unit === 'share' ? percent(value) : significant(value);
}

/** A standard deviation of a figure: in percent, without the sign. */
export function deviationText(name: string, deviation: number): string {
  if (name === 'loss') return lossText(deviation);
  return figureCalled(name).unit === 'share' ? (deviation * 100).toFixed(2) : significant(deviation);
}
