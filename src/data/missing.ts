/** Missing cells of tables, where none may be missing. */
import { LockstepError } from '../foundation/errors.ts';
import type { Dataset, Samples } from './dataset.ts';

/** Samples that were found to have none. */
const complete = new WeakSet<Samples>();

/** @throws LockstepError `data` that names the first missing cell. Looks at the same samples only once. */
export function refuseMissing({ features, train, test }: Dataset): void {
  if (features.kind !== 'floats') return;
  for (const [set, samples] of Object.entries({ train, test })) {
    if (complete.has(samples)) continue;
    const cells = samples.features as Float64Array;
    const at = firstMissing(cells);
    if (at < 0) {
      complete.add(samples);
      continue;
    }
    const width = features.columns.length;
    throw new LockstepError('data', {
      where: `row ${Math.floor(at / width) + 1} of the ${set === 'train' ? 'training' : 'test'} set`,
      expected: `a value in column ${JSON.stringify(features.columns[at % width]!.name)}`,
      got: 'none',
      hint: 'say what stands for it: data.missing: mean',
    });
  }
}

/** A loop, because a call for each of many million cells takes ten times as long. */
function firstMissing(cells: Float64Array): number {
  for (let at = 0; at < cells.length; at++) if (Number.isNaN(cells[at]!)) return at;
  return -1;
}
