/** The figures of several runs whose curves are drawn, and their points. */
import type { FigureText } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import { figuresFor } from '../model/catalogue.ts';
import { figureCalled } from '../model/figure-text.ts';
import type { RunFacts } from '../run/run-facts.ts';
import type { Points } from './traces.ts';

/** Curves of one figure. */
export interface FigureCurves {
  training: Points;
  /** Of the validation set, or of the test set if the run watched that. */
  validation: Points;
}

/** The loss, the main figure, and of values and flags also those that tell something else. */
export function figuresDrawn(task: Task): FigureText[] {
  const { figures, minibatches } = figuresFor(task);
  const main = figureCalled(minibatches.figure, task);
  const others = task === 'classes' ? [] : figures.filter(({ name }) => name !== main.name);
  return [
    figureCalled('loss'),
    main,
    ...others.filter(({ name, unit }) => unit === 'number' || name.endsWith('f1')),
  ];
}

/** What a chart of this figure says beside its title. */
export function figureNote({ name, note, better }: FigureText): string {
  const what = name === 'loss' ? 'mean over the samples' : note;
  return [what, better === 'less' ? 'lower is better' : 'higher is better'].filter(Boolean).join('; ');
}

export function curvesOf({ epochs }: RunFacts, figure: string): FigureCurves {
  const points = (
    figures: (row: RunFacts['epochs'][number]) => Readonly<Record<string, number>> | undefined,
  ) =>
    epochs.flatMap((row) => {
      const value = figures(row)?.[figure];
      return value === undefined ? [] : [[row.epoch, value] as const];
    });
  return { training: points(({ train }) => train), validation: points(({ validation }) => validation) };
}

/** The mean of several runs, at the epochs that all of them have. */
export function meanCurves(runs: readonly FigureCurves[]): FigureCurves {
  const mean = (set: keyof FigureCurves): Points => {
    const sums = new Map<number, { sum: number; count: number }>();
    for (const run of runs) {
      for (const [epoch, value] of run[set]) {
        const { sum, count } = sums.get(epoch) ?? { sum: 0, count: 0 };
        sums.set(epoch, { sum: sum + value, count: count + 1 });
      }
    }
    return [...sums]
      .filter(([, { count }]) => count === runs.length)
      .map(([epoch, { sum, count }]) => [epoch, sum / count] as const)
      .sort(([a], [b]) => a - b);
  };
  return { training: mean('training'), validation: mean('validation') };
}

/** What the second set of curves is. */
export function watchedSet(runs: readonly RunFacts[]): string {
  const watched = new Set(runs.map(({ experiment }) => experiment.data.monitor));
  return [...watched].sort().reverse().join(' or ');
}
