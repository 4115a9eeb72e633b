/**
 * Whether a worker may train for a sweep: it must have the same version, and the same data, which it opens
 * itself. A worker that may not takes no training of it.
 */
import type { Dataset } from '../../data/dataset.ts';
import { datasetDigestMeanwhile } from '../../data/digest.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { readExperiment } from '../../experiment/read.ts';
import { LockstepError } from '../../foundation/errors.ts';
import { version } from '../../platform/version.ts';
import { refuseOtherData } from '../../run/other-data.ts';
import { isObjective } from '../objective.ts';
import { protocol, type SweepMessage } from './messages.ts';

export type OpenData = (experiment: Experiment) => Promise<Dataset>;

/** Data sets that are kept when their sweep has ended: the next one may be about the same. */
const kept = 2;

export interface Admission {
  /**
   * The data of the sweep.
   *
   * @throws LockstepError `usage` if the versions differ; `data` if the data does, or cannot be opened
   */
  admit(sweep: SweepMessage): Promise<Dataset>;
}

export function admission(openData: OpenData): Admission {
  const opened = new Map<string, { dataset: Dataset; sha256: string }>();
  return {
    async admit(sweep) {
      checkVersion(sweep);
      const { experiment } = readExperiment(sweep.experiment, {
        file: `sweep ${sweep.name}`,
        name: sweep.name,
      });
      if (!isObjective(sweep.objective.name)) throw strange(sweep, `the objective ${sweep.objective.name}`);
      const key = JSON.stringify([experiment.data, experiment.loss]);
      const before = opened.get(key);
      const { dataset, sha256 } = before ?? (await open(experiment));
      opened.delete(key);
      refuseOtherData(dataset, `the data of the sweep ${sweep.name}`, {
        expected: sweep.dataSha256,
        got: sha256,
      });
      opened.set(key, { dataset, sha256 });
      for (const oldest of [...opened.keys()].slice(0, -kept)) opened.delete(oldest);
      return dataset;
    },
  };

  async function open(experiment: Experiment) {
    const dataset = await openData(experiment);
    return { dataset, sha256: await datasetDigestMeanwhile(dataset) };
  }
}

/** @throws LockstepError `usage` */
export function checkVersion(sweep: SweepMessage): void {
  if (sweep.version === version && sweep.protocol === protocol) return;
  throw new LockstepError('usage', {
    where: `sweep ${sweep.name} on ${sweep.host}`,
    expected: `a worker of Lockstep ${sweep.version}${sweep.version === version ? ', another build' : ''}`,
    got: version,
    hint: 'install the same version on all machines',
  });
}

function strange({ name }: SweepMessage, got: string): LockstepError {
  const expected = 'one of this version';
  return new LockstepError('usage', { where: `sweep ${name}`, expected, got });
}
