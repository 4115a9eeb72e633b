/** Reads the block of a sweep's file: its keys, checked against the schema, with defaults. */
import { complaints } from '../experiment/complaint.ts';
import type { Key } from '../experiment/setting-path.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import type { Collect } from './check.ts';
import { ignoredKeys, type SweepBlock } from './schema.ts';
import type { Position } from './space.ts';
import { validate } from './validate-sweep.js';

/** What the parts of the reading share. */
export interface Context {
  /** Keys that lead to the block. */
  at: readonly Key[];
  position: Position;
  warnings: string[];
  collect: Collect;
}

/**
 * The block, checked against its schema and filled with defaults. What is wrong with it comes to the faults;
 * `readable` says whether its parameters can be read all the same.
 */
export function blockOf(
  written: unknown,
  faults: LockstepError[],
  { at, position, warnings }: Context,
): { block: SweepBlock; readable: boolean } {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new LockstepError('usage', {
      where: position(at),
      expected: 'a map with method and parameters',
      got: JSON.stringify(written ?? null),
    });
  }
  const block: Record<string, unknown> = { ...written };
  for (const key of ignoredKeys) {
    if (!(key in block)) continue;
    warnings.push(`${position([...at, key], true)}: ignored, the command line says what is run and where`);
    delete block[key];
  }
  const valid: boolean = validate(block);
  if (valid) return { block: block as unknown as SweepBlock, readable: true };
  faults.push(
    ...complaints(validate.errors!, {
      root: block,
      written,
      whole: 'the sweep',
      position: (keys, ofKey) => position([...at, ...keys], ofKey),
      advice(name, known) {
        const meant = nearest(name, known);
        return meant && `did you mean "${meant}"?`;
      },
    }),
  );
  // Defaults stand in for what was told, so that the rest can be read.
  const wrong = validate.errors!.map(({ instancePath }) => instancePath.split('/')[1]);
  const right = Object.fromEntries(Object.entries(block).filter(([key]) => !wrong.includes(key)));
  return { block: { ...standIns, ...right } as SweepBlock, readable: 'parameters' in right };
}

const standIns: Omit<SweepBlock, 'parameters'> = {
  method: 'random',
  run_cap: 1,
  seed: 1,
  seeds: 1,
  batch: 8,
};
