/**
 * A task's table of figures: what a training is told, watched and judged by. The columns of metrics.csv, the
 * terminal, the report, early stopping, sweeps and claims all read it.
 */
import type { Confusion } from '../foundation/confusion.ts';
import type { Elements } from '../kernels/layout.ts';
import { erase } from './erase.ts';
import type { OutputUnit, Targets, Task } from './task.ts';

/** Figures of a set of samples, by name. The loss is the mean over the samples. */
export type Figures = { readonly loss: number; readonly [name: string]: number };

/** How a figure is written, and when one is better than another. */
export interface FigureText {
  /** As in metrics.csv and summary.json: `f1`. */
  name: string;
  /** For people: `F1`. */
  title: string;
  /** A word on what it is, if the title does not say it: `macro average`. */
  note?: string;
  better: 'more' | 'less';
  /** `share`: 0 to 1, shown as a percentage. `number`: shown with four digits. */
  unit: 'share' | 'number';
}

/** A figure, computed from what was counted of all samples. */
export interface FigureKind<Counts> extends FigureText {
  of(counts: Counts): number;
}

/** A figure that a program adds to a task's table. */
export interface OwnFigure<Counts = object> extends FigureKind<Counts> {
  task: Task;
}

/**
 * Declares a figure for `register`. `of` gets what the task counts: of classes `{ confusion, occurring }`, of
 * values and flags what src/figures says.
 */
export function figure<Counts extends object>(kind: OwnFigure<Counts>): OwnFigure {
  return erase<OwnFigure>('figure', kind);
}

/** What is known of a set of samples beside the figures. */
export interface EvaluationDetails {
  /** Classes: how often each was taken for each. */
  readonly confusion?: Confusion;
  /** Values and flags: the figures of each column, by its name. */
  readonly columns?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Counts the samples of an evaluation, one after the other. */
export interface Tally {
  /**
   * @param actual the class; or the values, in the user's unit; or the flags
   * @param predicted likewise
   */
  add(actual: ArrayLike<number>, predicted: ArrayLike<number>, loss: number): void;
  /** The figures of all samples so far. */
  evaluation(): { figures: Figures; details: EvaluationDetails };
}

/**
 * What is counted of minibatches in training, by one thread: sums in float64, the same in any order of
 * threads because the rows are added in their order.
 */
export interface MinibatchTally {
  /** The figure that it comes to. */
  figure: string;
  /** How many sums it takes. */
  sums(outputs: number): number;
  /**
   * Adds a row to the sums from `sums[first]` on.
   *
   * @param outcome where the predicted class or the outputs lie in `elements`
   * @param target where the class or the targets lie
   */
  add(
    sums: Float64Array,
    first: number,
    elements: Elements,
    outcome: number,
    target: number,
    outputs: number,
  ): void;
  /** The figure of so many rows, whose sums begin at `sums[first]`. */
  of(sums: ArrayLike<number>, first: number, rows: number, unit: OutputUnit): number;
}

export interface TaskFigures {
  kind: Task;
  summary: string;
  /** In the order of metrics.csv; the loss comes before them. */
  figures: readonly FigureText[];
  /** The validation figure by which the best weights are kept, if early stopping names no other. */
  kept: string;
  minibatches: MinibatchTally;
  /** What a network's outputs come to, in place: the user's values, or flags. Classes need no such step. */
  decide(outputs: Float64Array, unit: OutputUnit): void;
  start(targets: Targets, unit: OutputUnit): Tally;
}

/** A task's table, with the counts that its figures are made of. */
interface TaskTable<Counts, Name extends string> extends Omit<TaskFigures, 'figures' | 'start'> {
  figures: readonly (FigureKind<Counts> & { name: Name })[];
  start(
    targets: Targets,
    unit: OutputUnit,
  ): {
    add(actual: ArrayLike<number>, predicted: ArrayLike<number>): void;
    counts(): Counts;
    details(counts: Counts): EvaluationDetails;
  };
}

/** Declares the figures of a task. Losses are added in the order of the samples. */
export function taskFigures<Counts, const Name extends string>(
  table: TaskTable<Counts, Name>,
): TaskFigures & { figures: readonly (FigureText & { name: Name })[] } {
  return {
    ...table,
    start(targets, unit) {
      const { add, counts, details } = table.start(targets, unit);
      let lossSum = 0;
      let samples = 0;
      return {
        add(actual, predicted, loss) {
          add(actual, predicted);
          lossSum += loss;
          samples++;
        },
        evaluation() {
          const all = counts();
          const figures = table.figures.map(({ name, of }) => [name, of(all)] as const);
          const loss = samples === 0 ? 0 : lossSum / samples;
          return { figures: { loss, ...Object.fromEntries(figures) }, details: details(all) };
        },
      };
    },
  };
}

/** The loss, beside which a task's own figures stand. */
const lossText: FigureText = { name: 'loss', title: 'loss', better: 'less', unit: 'number' };

/** The figure of this name; undefined if the task has none. */
export function figureNamed(table: TaskFigures, name: string): FigureText | undefined {
  return name === 'loss' ? lossText : table.figures.find((figure) => figure.name === name);
}

/** The margin by which a figure must beat the best one: absolute, or relative to the best. */
export interface Margin {
  absolute?: number;
  relative?: number;
}

/** For each evaluation, whether its figure beat the best of all before it. The first always does. */
export function improvements(
  history: readonly Figures[],
  { name, better }: Pick<FigureText, 'name' | 'better'>,
  { absolute = 0, relative = 0 }: Margin = {},
): boolean[] {
  const sign = better === 'less' ? -1 : 1;
  let best: number | undefined;
  return history.map((figures) => {
    const value = figures[name]!;
    const beaten = best === undefined || sign * (value - best) > absolute + relative * Math.abs(best);
    if (beaten) best = value;
    return beaten;
  });
}
