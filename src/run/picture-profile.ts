/** What pictures a run was trained on, for the preparation of pictures to predict. */
import { datasetDigest } from '../data/digest.ts';
import { openData } from '../data/open-dataset.ts';
import { likeMnist, type PictureProfile, profileMeanwhile } from '../data/pictures/profile.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { TrainedRun } from './open-run.ts';

export interface RunProfile {
  profile: PictureProfile;
  /** Why it is not that of the run's own training pictures. */
  doubt?: string;
}

/**
 * The profile that was kept with the run. Runs of 0.1.0 have none: then their training pictures are looked
 * at. If they are no longer there, or are others now, pictures are prepared like the digits of MNIST, and the
 * doubt says so.
 */
export async function profileOfRun(
  run: Pick<TrainedRun, 'signature' | 'experiment' | 'dataSha256'>,
): Promise<RunProfile> {
  const { features, pictures } = run.signature;
  // Those of the first checkouts of 0.2.0 knew less.
  if (pictures?.blank !== undefined) return { profile: pictures };
  const { source } = run.experiment.data;
  const [height, width = 1] = features.shape;
  const instead = (why: string): RunProfile => ({
    profile: likeMnist({ height, width }),
    doubt: `${why}: pictures are prepared as light ink on black, like MNIST`,
  });
  try {
    const dataset = await openData(run.experiment);
    if (datasetDigest(dataset) !== run.dataSha256) {
      return instead(`the run was trained on other data than ${source} has now`);
    }
    if (dataset.features.kind !== 'bytes') return instead('the run was trained on rows of a table');
    const resized = run.experiment.data.size !== undefined;
    return {
      profile: await profileMeanwhile(dataset.train.features as Uint8Array, dataset.features.shape, {
        resized,
      }),
    };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return instead(`the run's training data are not there (${error.message})`);
  }
}
