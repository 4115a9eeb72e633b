/** What a data set holds, in a few words. */
import type { Dataset } from '../data/dataset.ts';
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
