import { taskFigures } from '../contracts/figures.ts';
import { ratio } from '../foundation/confusion.ts';

/** Counts of one flag: said yes and right, said yes and wrong, said no and wrong. */
interface FlagCounts {
  name: string;
  hits: number;
  falseAlarms: number;
  misses: number;
}

interface AllCounts {
  samples: number;
  /** Samples of which every flag was right. */
  right: number;
  flags: readonly FlagCounts[];
}

const precision = ({ hits, falseAlarms }: Omit<FlagCounts, 'name'>) => ratio(hits, hits + falseAlarms);
const recall = ({ hits, misses }: Omit<FlagCounts, 'name'>) => ratio(hits, hits + misses);
const f1 = ({ hits, falseAlarms, misses }: Omit<FlagCounts, 'name'>) =>
  ratio(2 * hits, 2 * hits + falseAlarms + misses);

/**
 * Figures of several answers yes or no: the share of samples of which all are right, then precision, recall
 * and F1 of yes; as plain means over the flags (macro), and of the counts of all flags together (micro).
 */
export const flags = taskFigures({
  kind: 'flags',
  summary: 'Several times yes or no.',
  figures: [
    {
      name: 'accuracy',
      title: 'accuracy',
      note: 'all flags right',
      better: 'more',
      unit: 'share',
      of: ({ right, samples }: AllCounts) => ratio(right, samples),
    },
    share('precision', 'precision', 'macro average', (counts) => macro(counts, precision)),
    share('recall', 'recall', 'macro average', (counts) => macro(counts, recall)),
    share('f1', 'F1', 'macro average', (counts) => macro(counts, f1)),
    share('micro_precision', 'precision', 'micro average', (counts) => precision(together(counts))),
    share('micro_recall', 'recall', 'micro average', (counts) => recall(together(counts))),
    share('micro_f1', 'F1', 'micro average', (counts) => f1(together(counts))),
  ],
  kept: 'f1',
  minibatches: {
    figure: 'accuracy',
    sums: () => 1,
    add(sums, first, elements, outcome, target, outputs) {
      for (let c = 0; c < outputs; c++) {
        if (elements[outcome + c]! > 0 !== elements[target + c]! > 0.5) return;
      }
      sums[first]!++;
    },
    of: (sums, first, rows) => sums[first]! / rows,
  },
  decide(outputs) {
    for (const [c, z] of outputs.entries()) outputs[c] = z > 0 ? 1 : 0;
  },
  start(targets) {
    const names = targets.kind === 'flags' ? targets.names : [];
    const all = {
      samples: 0,
      right: 0,
      flags: names.map((name): FlagCounts => ({ name, hits: 0, falseAlarms: 0, misses: 0 })),
    };
    return {
      add(actual, predicted) {
        let right = true;
        for (const [c, counts] of all.flags.entries()) {
          const [yes, said] = [actual[c] === 1, predicted[c] === 1];
          if (yes && said) counts.hits++;
          else if (said) counts.falseAlarms++;
          else if (yes) counts.misses++;
          right &&= yes === said;
        }
        all.samples++;
        if (right) all.right++;
      },
      counts: () => all,
      details: () => ({
        columns: Object.fromEntries(
          all.flags.map((counts) => [
            counts.name,
            { precision: precision(counts), recall: recall(counts), f1: f1(counts) },
          ]),
        ),
      }),
    };
  },
});

function share<const Name extends string>(
  name: Name,
  title: string,
  note: string,
  of: (counts: AllCounts) => number,
) {
  return { name, title, note, better: 'more', unit: 'share', of } as const;
}

function macro({ flags }: AllCounts, figure: (counts: FlagCounts) => number): number {
  return ratio(
    flags.reduce((sum, counts) => sum + figure(counts), 0),
    flags.length,
  );
}

function together({ flags }: AllCounts): Omit<FlagCounts, 'name'> {
  const sum = (count: 'hits' | 'falseAlarms' | 'misses') => flags.reduce((all, flag) => all + flag[count], 0);
  return { hits: sum('hits'), falseAlarms: sum('falseAlarms'), misses: sum('misses') };
}
