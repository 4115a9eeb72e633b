/** Whether the first steps of a longer training are those of a shorter one. */
import type { Plan } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { catalogue } from '../model/catalogue.ts';

/**
 * Undefined if the steps so far are the same bits in both; else why not. The learning rate of every step must
 * be the same, and the shorter training must not have evaluated at its end out of turn.
 */
export function whyOtherSteps(
  shorter: Experiment & { epochs: number },
  longer: Plan,
  done: number,
): string | undefined {
  const { schedule, optimizer, evaluateEvery: every } = shorter;
  const { stepsPerEpoch } = longer;
  const build = catalogue.schedule.get(schedule.kind)!.build;
  const rate = build(schedule, { steps: shorter.epochs * stepsPerEpoch, stepsPerEpoch });
  for (let step = 0; step < done; step++) {
    if (optimizer.learningRate * rate(step) !== longer.learningRate(step)) {
      return `the schedule ${schedule.kind} depends on the length of the training`;
    }
  }
  const period = every.steps ?? every.epochs! * stepsPerEpoch;
  const ended = done === shorter.epochs * stepsPerEpoch;
  if (ended && done % period !== 0) return 'figures were taken at its end, out of turn';
  return undefined;
}
