import { taskFigures } from '../contracts/figures.ts';
import { ratio } from '../foundation/confusion.ts';

/** Sums over the samples of one column; e = predicted - actual, d = actual - an estimate of the mean. */
interface ColumnSums {
  name: string;
  samples: number;
  squares: number;
  absolutes: number;
  d: number;
  dd: number;
}

const rmse = ({ squares, samples }: ColumnSums) => Math.sqrt(ratio(squares, samples));
const mae = ({ absolutes, samples }: ColumnSums) => ratio(absolutes, samples);
/** If the actual values are all the same: 1 if they are met, else 0, as scikit-learn has it. */
const r2 = ({ squares, samples, d, dd }: ColumnSums) => {
  const spread = dd - ratio(d * d, samples);
  if (spread <= 1e-12 * dd || spread <= 0) return squares === 0 ? 1 : 0;
  return 1 - squares / spread;
};

/**
 * Figures of a regression, in the user's unit: root mean squared error, mean absolute error, and the
 * coefficient of determination r2 = 1 - sum of e² / sum of (actual - mean)². With several columns they are
 * plain means over the columns.
 */
export const values = taskFigures({
  kind: 'values',
  summary: 'One or several numbers.',
  figures: [
    {
      name: 'rmse',
      title: 'RMSE',
      better: 'less',
      unit: 'number',
      of: (columns: readonly ColumnSums[]) => mean(columns, rmse),
    },
    { name: 'mae', title: 'MAE', better: 'less', unit: 'number', of: (columns) => mean(columns, mae) },
    { name: 'r2', title: 'r2', better: 'more', unit: 'number', of: (columns) => mean(columns, r2) },
  ],
  kept: 'rmse',
  minibatches: {
    figure: 'rmse',
    sums: (outputs) => outputs,
    add(sums, first, elements, outcome, target, outputs) {
      for (let c = 0; c < outputs; c++) {
        const error = elements[outcome + c]! - elements[target + c]!;
        sums[first + c]! += error * error;
      }
    },
    of(sums, first, rows, { deviation }) {
      let sum = 0;
      for (const [c, scale] of deviation.entries()) sum += scale * Math.sqrt(sums[first + c]! / rows);
      return sum / deviation.length;
    },
  },
  decide(outputs, { mean, deviation }) {
    for (const [c, z] of outputs.entries()) outputs[c] = mean[c]! + deviation[c]! * z;
  },
  start(targets, unit) {
    const names = targets.kind === 'values' ? targets.names : [];
    const columns = names.map(
      (name): ColumnSums => ({ name, samples: 0, squares: 0, absolutes: 0, d: 0, dd: 0 }),
    );
    return {
      add(actual, predicted) {
        for (const [c, sums] of columns.entries()) {
          const error = predicted[c]! - actual[c]!;
          const d = actual[c]! - unit.mean[c]!;
          sums.samples++;
          sums.squares += error * error;
          sums.absolutes += Math.abs(error);
          sums.d += d;
          sums.dd += d * d;
        }
      },
      counts: () => columns,
      details: () => ({
        columns: Object.fromEntries(
          columns.map((sums) => [sums.name, { rmse: rmse(sums), mae: mae(sums), r2: r2(sums) }]),
        ),
      }),
    };
  },
});

function mean(columns: readonly ColumnSums[], figure: (sums: ColumnSums) => number): number {
  return ratio(
    columns.reduce((sum, column) => sum + figure(column), 0),
    columns.length,
  );
}
