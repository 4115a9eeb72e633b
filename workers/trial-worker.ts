/**
 * A thread that runs trainings of a sweep, one after the other. Piscina starts it, with one task a training.
 */
import '../src/experiment/register-given.ts';
import { type Outcome, runTraining, type TrainingTask } from '../src/sweep/run-training.ts';

export default function work(task: TrainingTask): Promise<Outcome> {
  return runTraining(task);
}
