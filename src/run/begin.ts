/**
 * checkpoints/begin.safetensors: what a training began with, if not with drawn weights. So `resume` and
 * `verify` need nothing outside the folder.
 */
import { dirname, join } from 'node:path';
import type { Experiment } from '../experiment/experiment.ts';
import type { Pretrained } from '../training/pretrained.ts';
import { checkpointFormat, readCheckpoint } from './checkpoint.ts';
import { readSignature } from './read-signature.ts';
import { runFiles } from './run-files.ts';
import { createRunFolder } from './run-folder.ts';
import { writeSafetensors } from './safetensors.ts';
import { makeFolder } from './write-whole.ts';

/** Makes the folder of a new run, see createRunFolder, with the weights that it begins with, if it does. */
export async function newRunFolder(
  out: string | undefined,
  experiment: Experiment,
  pretrained: Pretrained | undefined,
): Promise<string> {
  const folder = await createRunFolder(out, experiment.name, new Date());
  if (pretrained) await writeBegin(folder, experiment, pretrained);
  return folder;
}

async function writeBegin(
  folder: string,
  { pretrained: record }: Experiment,
  { tensors, signature }: Pretrained,
): Promise<void> {
  const file = join(folder, runFiles.begin);
  await makeFolder(dirname(file));
  await writeSafetensors(file, {
    tensors: [...tensors],
    metadata: {
      format: checkpointFormat,
      stateSha256: record!.stateSha256,
      ...(signature ? { signature: JSON.stringify(signature) } : {}),
    },
  });
}

/**
 * What the training in this folder began with; undefined if it drew its weights.
 *
 * @throws LockstepError `checkpoint` if it is missing or damaged
 */
export async function readBegin(
  folder: string,
  { pretrained: record }: Pick<Experiment, 'pretrained'>,
): Promise<Pretrained | undefined> {
  if (!record) return undefined;
  const { file, tensors, signature, position } = await readCheckpoint(join(folder, runFiles.begin));
  return {
    name: file,
    // That of a longer training is the end of the shorter one: only its preparation is needed.
    tensors: position ? [] : tensors,
    ...(signature === undefined ? {} : { signature: readSignature(file, signature, folder, undefined) }),
  };
}
