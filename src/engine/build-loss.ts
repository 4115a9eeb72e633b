/** The loss of a training, with the weights of the classes if there are any. */
import type { KindConfig } from '../contracts/fields.ts';
import type { Loss, LossContext } from '../contracts/loss.ts';
import type { Task } from '../contracts/task.ts';
import type { Vector } from '../foundation/shapes.ts';
import { catalogue } from '../model/catalogue.ts';

/** @param weights by class, what a sample's loss and gradient are multiplied by */
export function buildLoss(
  config: KindConfig,
  task: Task,
  site: LossContext,
  weights: Vector | undefined,
): Loss {
  const loss = catalogue.loss.get(config.kind)!.build(config, site, task);
  if (!weights) return loss;
  const { kernels, dz, loss: losses, label } = site;
  return {
    rows(rows) {
      loss.rows(rows);
      kernels.weigh(dz, losses, label, weights, rows);
    },
  };
}
