/** `train resume RUN --ranks mpi`: several ranks go on with a training, whoever began it. */
import { LockstepError } from '../foundation/errors.ts';
import { finishedRun } from '../run/inspect.ts';
import { reopen } from '../run/reopen.ts';
import { fitTraining } from '../training/prepare.ts';
import { err, warn } from './console.ts';
import { type LiveArguments, withLive } from './live.ts';
import { type Ranks, trainSilently } from './ranks.ts';
import { type Job, trainOne } from './train-one.ts';

export interface TogetherOptions {
  /** The folder is of several runs. */
  several: boolean;
  /** Where the training is shown while it goes on. */
  live: LiveArguments;
}

/** Goes on in the folder. All ranks read it before rank 0 writes to it. */
export async function goOnTogether(
  ranks: Ranks,
  given: Job,
  folder: string,
  { several, live: options }: TogetherOptions,
): Promise<void> {
  if (several) {
    throw new LockstepError('usage', {
      where: folder,
      expected: 'one run, which ranks can share',
      got: 'a folder of several',
      hint: 'name one of those in it, or leave --ranks out',
    });
  }
  const shared = ranks.share(given);
  const { experiment, dataset } = shared;
  const finished = (await finishedRun(folder)) !== undefined;
  const { plan } = fitTraining(experiment, shared);
  const reopened = finished ? undefined : await reopen(folder, { experiment, dataset, plan });
  const job = reopened ? { ...shared, from: reopened.from, before: reopened.before } : shared;
  await ranks.agree(job);
  if (!reopened) {
    err.line(`${folder}: the training came to its end already; nothing is left to do`);
    return;
  }
  if (!ranks.speaks) {
    await trainSilently(job);
    return;
  }
  for (const doubt of reopened.doubts) warn(doubt);
  await withLive(options, { experiment, several: undefined }, (live) =>
    trainOne({ ...job, live }, async () => folder),
  );
}
