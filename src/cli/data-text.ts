/** What a data set holds, in a few words. */
import type { Dataset } from '../data/dataset.ts';
import { inputsOf } from '../data/preparation.ts';
import type { Signature } from '../data/split.ts';
import type { Scaling } from '../experiment/data-settings.ts';
import { counted, significant } from '../foundation/format.ts';
import { grouped } from './format.ts';

/** `28 x 28 pixels`, `32 x 32 x 3 pixels`, `13 columns` */
export function sampleText({ features }: Pick<Dataset, 'features'>): string {
  const { kind, shape } = features;
  if (kind === 'floats') return `${grouped(shape[0])} ${shape[0] === 1 ? 'column' : 'columns'}`;
  const [height, width, channels] = shape;
  return `${height} x ${width}${channels === 1 ? '' : ` x ${channels}`} pixels`;
}

/** `10 classes`, `2 values`, `1 flag` */
export function targetText({ targets }: Pick<Dataset, 'targets'>): string {
  if (targets.kind === 'classes') return `${grouped(targets.count)} classes`;
  const { length } = targets.names;
  return `${length} ${length === 1 ? targets.kind.slice(0, -1) : targets.kind} to predict`;
}

const scaled: Record<Scaling, string> = {
  standardise: 'standardised (mean 0, deviation 1)',
  'min-max': 'scaled to 0 to 1',
  none: 'as they are',
};

/** How samples become the numbers that the network reads. */
export function preparationText(
  { features, targets, preparation, unit }: Signature,
  scaling: Scaling = 'standardise',
): string[] {
  if (preparation.kind === 'pixels') return ['pixels divided by 255'];
  const { columns } = preparation;
  const numbers = columns.filter(({ kind }) => kind === 'number').length;
  const words = columns.length - numbers;
  const parts = [
    ...(numbers > 0 ? [`${counted(numbers, 'column')} of numbers, ${scaled[scaling]}`] : []),
    ...(words > 0 ? [`${counted(words, 'column')} of words, one input a word`] : []),
  ];
  const lines = [`${parts.join('; ')}: ${counted(inputsOf(preparation, features), 'input')}`];
  if (targets.kind === 'values') {
    const shown = targets.names.slice(0, 3).map((name, c) => {
      return `${name} ${significant(unit.mean[c]!)} ± ${significant(unit.deviation[c]!)}`;
    });
    lines.push(
      `predicted values standardised inside: ${shown.join(', ')}${targets.names.length > 3 ? ', ...' : ''}`,
    );
  }
  return lines;
}
