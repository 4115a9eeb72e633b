// Commands that are refused.
import { expect } from 'vitest';
import { runTrain } from './run-cli.ts';

/** The command prints nothing but this line, behind `train: `, and has this exit code. */
export async function expectRefused(
  cwd: string,
  args: readonly string[],
  [code, message]: [code: number, message: string],
): Promise<void> {
  const { stderr, stdout, ...finished } = await runTrain(args, { cwd });
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(`train: ${message}`);
  expect([finished.code, stdout]).toEqual([code, '']);
}
