/** An experiment with what a command records in it. */
import { canonicalText, type Experiment } from './experiment.ts';
import { readExperiment } from './read.ts';

/** The settings are in the order of a file's, as the fingerprint wants them. */
export function withRecord(
  experiment: Experiment,
  record: Pick<Experiment, 'pretrained' | 'continues'>,
): Experiment {
  const text = canonicalText({ ...experiment, ...record });
  return readExperiment(text, { file: 'experiment', name: experiment.name }).experiment;
}
