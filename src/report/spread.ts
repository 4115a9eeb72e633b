/** Values over several runs as people read them: `94.67 % ± 2.98`. */
import { meanAndDeviation } from '../foundation/statistics.ts';
import { deviationText, figureText } from '../model/figure-text.ts';

/** The value of one run, or the mean of several with their standard deviation. None: an empty text. */
export function spreadText(figure: string, values: readonly number[]): string {
  if (values.length === 0) return '';
  const { mean, deviation } = meanAndDeviation(values);
  return figureText(figure, mean) + (values.length > 1 ? ` ± ${deviationText(figure, deviation)}` : '');
}
