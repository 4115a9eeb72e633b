/**
 * A thread that runs trainings of a sweep, one after the other. Piscina starts it, with one task a training.
 */
import { registerGiven } from '../src/experiment/register.ts';
import { type Outcome, runTraining, type TrainingTask } from '../src/sweep/run-training.ts';

// Layers and optimizers of the user's program are known before the first task.
await registerGiven();

export default function work(task: TrainingTask): Promise<Outcome> {
  return runTraining(task);
}
