/** What a run's network was trained for, as its checkpoint says. */
import { join } from 'node:path';
import type { Signature } from '../data/split.ts';
import { LockstepError } from '../foundation/errors.ts';
import { isSignature } from './metadata-shape.ts';
import { runFiles } from './run-files.ts';
import type { RunSummary } from './summary.ts';

/**
 * Reads the signature from the metadata of a checkpoint. Those of 0.1.0 have none: their networks read grey
 * pictures and predict classes, and summary.json has the sizes.
 *
 * @throws LockstepError `checkpoint` if it is damaged, or if the sizes are missing
 */
export function readSignature(
  file: string,
  text: string | undefined,
  folder: string,
  summary: RunSummary | undefined,
): Signature {
  const { height, width, classes } = summary ?? {};
  if (text !== undefined) {
    let signature: unknown;
    try {
      signature = JSON.parse(text);
    } catch {
      // It is no signature then.
    }
    if (isSignature(signature)) return signature;
    throw new LockstepError('checkpoint', {
      where: file,
      expected: 'the signature of the network as JSON',
      got: 'something else',
      hint: 'the file is damaged',
    });
  }
  if (![height, width, classes].every((size) => Number.isInteger(size) && size! > 0)) {
    throw new LockstepError('checkpoint', {
      where: join(folder, runFiles.summary),
      expected: 'height, width and classes of the data',
      got: `${height}, ${width} and ${classes}`,
    });
  }
  return {
    features: { kind: 'bytes', shape: [height!, width!, 1] },
    targets: { kind: 'classes', count: classes! },
    preparation: { kind: 'pixels' },
    unit: { mean: [0], deviation: [1] },
  };
}
