/**
 * Figures of a network's probabilities: top-k accuracy, ROC AUC and log loss. They need the probabilities of
 * all samples, so they are taken once, by `train evaluate` and the report, and not in each epoch.
 */
import type { Samples } from '../data/dataset.ts';
import { logLossOf, rankOf, rocAuc } from '../foundation/ranking.ts';
import { topCounts } from '../model/figure-text.ts';
import { inParts, type Part } from './in-parts.ts';
import type { TrainedModel } from './trained-model.ts';

export interface RankingFigures {
  /**
   * By name. Classes: `top_3_accuracy` and its kin, if there are more classes than that; `roc_auc`, one class
   * against the rest, the mean over the classes that occur; `log_loss`. Flags: means over the flags.
   */
  figures: Readonly<Record<string, number>>;
  /** Flags: `roc_auc` and `log_loss` of each. */
  columns?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** There are too many probabilities to be ordered, so `roc_auc` is left out. */
  tooMany: boolean;
}

type Figures = Omit<RankingFigures, 'tooMany'>;

/** The most probabilities that are kept to be ordered: 256 MiB. With more, there is no ROC AUC. */
const mostScores = 33_554_432;

/**
 * @param samples of a table, their words in the order of the network's signature
 * @param parts their probabilities
 * @returns undefined if the network predicts values
 */
export function rankingFigures(
  model: TrainedModel,
  samples: Samples,
  parts: Iterable<Part> = inParts(model, samples),
): RankingFigures | undefined {
  const { targets } = model.signature;
  if (targets.kind === 'values' || samples.count === 0) return undefined;
  const scores = keepScores(samples.count, model.outputs);
  const found =
    targets.kind === 'flags'
      ? ofFlags(samples, parts, targets.names, scores)
      : ofClasses(model.outputs, samples, parts, scores);
  return { ...found, tooMany: samples.count * model.outputs > mostScores };
}

function ofClasses(classes: number, samples: Samples, parts: Iterable<Part>, scores: Scores): Figures {
  const { count: all, targets: labels } = samples;
  const tops = topCounts(classes).map((most) => ({ most, hits: 0 }));
  let loss = 0;
  for (const { first, count, probabilities } of parts) {
    scores.keep(first, probabilities);
    for (let i = 0; i < count; i++) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      const actual = labels[first + i]!;
      const rank = rankOf(row, actual);
      for (const top of tops) if (rank < top.most) top.hits++;
      loss += logLossOf(row[actual]!);
    }
  }
  const occurring = [...new Set<number>(labels)].sort((a, b) => a - b);
  const areas = occurring.flatMap((c) => scores.area(c, (i) => labels[i] === c) ?? []);
  return {
    figures: {
      ...Object.fromEntries(tops.map(({ most, hits }) => [`top_${most}_accuracy`, hits / all])),
      ...(areas.length > 0 ? { roc_auc: mean(areas) } : {}),
      log_loss: loss / all,
    },
  };
}

function ofFlags(samples: Samples, parts: Iterable<Part>, names: readonly string[], scores: Scores): Figures {
  const width = names.length;
  const yes = (i: number, c: number) => samples.targets[i * width + c] === 1;
  const losses = names.map(() => 0);
  for (const { first, count, probabilities } of parts) {
    scores.keep(first, probabilities);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < width; c++) {
        const p = probabilities[i * width + c]!;
        losses[c]! += logLossOf(yes(first + i, c) ? p : 1 - p);
      }
    }
  }
  const columns = names.map((name, c) => {
    const area = scores.area(c, (i) => yes(i, c));
    const figures = {
      ...(area === undefined ? {} : { roc_auc: area }),
      log_loss: losses[c]! / samples.count,
    };
    return [name, figures] as const;
  });
  const areas = columns.flatMap(([, figures]) => figures.roc_auc ?? []);
  return {
    figures: {
      ...(areas.length > 0 ? { roc_auc: mean(areas) } : {}),
      log_loss: mean(columns.map(([, figures]) => figures.log_loss)),
    },
    columns: Object.fromEntries(columns),
  };
}

interface Scores {
  keep(first: number, probabilities: Float64Array): void;
  /** The area under the ROC curve of an output. */
  area(output: number, positive: (sample: number) => boolean): number | undefined;
}

/** Keeps all probabilities, unless they are too many. */
function keepScores(samples: number, outputs: number): Scores {
  if (samples * outputs > mostScores) return { keep() {}, area: () => undefined };
  const all = new Float64Array(samples * outputs);
  const one = new Float64Array(samples);
  return {
    keep: (first, probabilities) => all.set(probabilities, first * outputs),
    area(output, positive) {
      for (let i = 0; i < samples; i++) one[i] = all[i * outputs + output]!;
      return rocAuc(one, positive);
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
