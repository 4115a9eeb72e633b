// Reading sweep files that may be wrong.
import { expect } from 'vitest';
import { LockstepError } from '#lockstep/foundation/errors.js';

export const block = `sweep:
  method: random
  run_cap: 5
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.01, max: 1 }
    model[0].units: { values: [4, 16] }
`;

/** The lines of the error that reading must throw, one for each mistake. */
export function complaintsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(LockstepError);
    expect((error as LockstepError).exitCode).toBe(2);
    return (error as Error).message.split('\n');
  }
  throw new Error('the sweep was accepted');
}

/** The same of a single mistake. */
export function complaint(read: () => unknown): string {
  const lines = complaintsOf(read);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}
