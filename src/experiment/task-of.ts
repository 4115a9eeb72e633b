/** What an experiment predicts, as far as its settings say. */
import type { Task } from '../contracts/task.ts';
import { catalogue } from '../model/catalogue.ts';
import type { Experiment } from './experiment.ts';

/** What may be predicted: only one thing, if the settings say which. */
export function tasksOf({ data, loss }: Pick<Experiment, 'data' | 'loss'>): readonly Task[] {
  return data.task ? [data.task] : catalogue.loss.get(loss.kind)!.tasks;
}
