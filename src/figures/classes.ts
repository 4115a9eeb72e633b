import { taskFigures } from '../contracts/figures.ts';
import {
  type ClassMetrics,
  type Confusion,
  classMetrics,
  countConfusion,
  countsOf,
  ratio,
} from '../foundation/confusion.ts';

interface ClassCounts {
  confusion: Confusion;
  /** Of the classes that occur among the samples or the predictions. */
  occurring: readonly ClassMetrics[];
}

/**
 * Figures of a classification, from a confusion matrix. Precision, recall and F1 are macro averages: plain
 * means over the classes that occur, as scikit-learn's `average='macro'` takes them by default.
 */
export const classes = taskFigures({
  kind: 'classes',
  summary: 'One of several classes.',
  figures: [
    {
      name: 'accuracy',
      title: 'accuracy',
      better: 'more',
      unit: 'share',
      of({ confusion }: ClassCounts) {
        const { right, samples } = countsOf(confusion);
        return ratio(right, samples);
      },
    },
    {
      name: 'precision',
      title: 'precision',
      note: 'macro average',
      better: 'more',
      unit: 'share',
      of: (counts) => macro(counts, ({ precision }) => precision),
    },
    {
      name: 'recall',
      title: 'recall',
      note: 'macro average',
      better: 'more',
      unit: 'share',
      of: (counts) => macro(counts, ({ recall }) => recall),
    },
    {
      name: 'f1',
      title: 'F1',
      note: 'macro average',
      better: 'more',
      unit: 'share',
      of: (counts) => macro(counts, ({ f1 }) => f1),
    },
  ],
  kept: 'accuracy',
  minibatches: {
    figure: 'accuracy',
    sums: () => 1,
    add(sums, first, elements, outcome, target) {
      if (elements[outcome] === elements[target]) sums[first]!++;
    },
    of: (sums, first, rows) => sums[first]! / rows,
  },
  decide() {},
  start(targets) {
    const { add, confusion } = countConfusion(targets.kind === 'classes' ? targets.count : 0);
    return {
      add: (actual, predicted) => add(actual[0]!, predicted[0]!),
      counts: () => ({
        confusion,
        occurring: classMetrics(confusion).filter(({ support, predicted }) => support + predicted > 0),
      }),
      details: () => ({ confusion }),
    };
  },
});

function macro({ occurring }: ClassCounts, figure: (metrics: ClassMetrics) => number): number {
  return ratio(
    occurring.reduce((sum, metrics) => sum + figure(metrics), 0),
    occurring.length,
  );
}
