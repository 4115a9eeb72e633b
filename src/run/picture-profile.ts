/** What pictures a run was trained on, for the preparation of pictures to predict. */
import { datasetDigest } from '../data/digest.ts';
import { openDataset } from '../data/open-dataset.ts';
import { likeMnist, type PictureProfile, profileOf } from '../data/pictures/profile.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { TrainedRun } from './open-run.ts';

export interface RunProfile {
  profile: PictureProfile;
  /** Why it is not that of the run's own training pictures. */
  doubt?: string;
}

/**
 * Looks at the training pictures of a run. If they are no longer there, or are others now, pictures are prepared
 * like the digits of MNIST, and the doubt says so.
 */
export async function profileOfRun(run: TrainedRun): Promise<RunProfile> {
  const { source } = run.experiment.data;
  const instead = (why: string): RunProfile => ({
    profile: likeMnist(run),
    doubt: `${why}: pictures are prepared as light ink on black, like MNIST`,
  });
  try {
    const dataset = await openDataset(source);
    if (datasetDigest(dataset) !== run.summary.dataSha256) {
      return instead(`the run was trained on other data than ${source} has now`);
    }
    return { profile: profileOf(dataset.train.images, [dataset.height, dataset.width, 1]) };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return instead(`the run's training data are not there (${error.message})`);
  }
}
