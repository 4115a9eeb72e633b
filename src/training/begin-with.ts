/**
 * An experiment that begins with weights that are there already: what it takes of them, and how it says so.
 */
import type { Experiment } from '../experiment/experiment.ts';
import { withRecord } from '../experiment/with-record.ts';
import { fitTraining, type TrainOptions } from './prepare.ts';
import { type Pretrained, recordOf, taken } from './pretrained.ts';

/**
 * The experiment with a record of the weights, and of the weights what its network takes, under its names.
 *
 * @throws LockstepError `usage` with a line for each layer that does not fit, `data` if the samples do not
 */
export function beginWith(
  experiment: Experiment,
  options: Pick<TrainOptions, 'dataset' | 'executor' | 'locate'>,
  given: Pretrained,
): { experiment: Experiment; pretrained: Pretrained } {
  const { locate = (path) => path } = options;
  const { plan } = fitTraining(experiment, { ...options, pretrained: given });
  const tensors = taken(experiment, plan.network, given, locate);
  const { name, signature } = given;
  return {
    experiment: withRecord(experiment, { pretrained: recordOf(tensors, name) }),
    pretrained: { name, tensors: [...tensors.parameters, ...tensors.state], signature },
  };
}
