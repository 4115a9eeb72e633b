/** `train --from`: a training that begins with weights that are there already. */
import { readPretrained } from '../run/read-pretrained.ts';
import { beginWith } from '../training/begin-with.ts';
import { otherClasses } from '../training/pretrained.ts';
import { warn } from './console.ts';
import type { Job } from './train-one.ts';

/** The same training, from these weights. */
export async function fromWeights(path: string, job: Job): Promise<Job> {
  const read = await readPretrained(path);
  for (const doubt of read.doubts) warn(doubt);
  const begins = beginWith(job.experiment, job, read);
  const warning = otherClasses(job.experiment, job.dataset, read);
  if (warning !== undefined) warn(warning);
  return { ...job, ...begins };
}
