/** Weights to begin with: of a run, or of a file that Lockstep or another program has written. */
import { openArrays } from '../data/formats/npz.ts';
import { checkText } from '../foundation/check.ts';
import { LockstepError } from '../foundation/errors.ts';
import { doubtfulOrder } from '../model/pretrained.ts';
import type { NumberTensor } from '../model/weights.ts';
import { kindOf, readBytes } from '../platform/files.ts';
import { didYouMean } from '../platform/meant-path.ts';
import type { Pretrained } from '../training/pretrained.ts';
import { readTrained } from './read-trained.ts';
import { parseSafetensors } from './safetensors.ts';

/** Weights, and what is to be known of them, such as that a file is damaged and an older one was taken. */
export interface ReadPretrained extends Pretrained {
  doubts: readonly string[];
}

/**
 * Reads the weights of a run folder, a `.safetensors` file or an `.npz` file.
 *
 *     const pretrained = await readPretrained('runs/first');
 *     for await (const event of train(experiment, { dataset, executor, pretrained })) ...
 *
 * @throws LockstepError `checkpoint` if there are none, or if they are damaged
 */
export async function readPretrained(path: string): Promise<ReadPretrained> {
  checkText('path', path, 'the path of a run folder, or of a file with weights');
  const kind = await kindOf(path).catch(() => undefined);
  if (kind === 'folder') return readRun(path);
  if (kind !== 'file') {
    const got = kind === undefined ? 'no such file or folder' : 'no file';
    const { hint } = kind === undefined ? didYouMean(path) : {};
    throw bad(path, 'a run folder, or weights in .safetensors or .npz', got, hint);
  }
  const tensors = path.toLowerCase().endsWith('.npz') ? await readArrays(path) : await readTensors(path);
  for (const { id, values } of tensors) {
    if (!values.every(Number.isFinite)) throw bad(path, `finite numbers in ${id}`, 'others');
  }
  const doubt = doubtfulOrder({ name: path, tensors });
  return { name: path, tensors: tensors.map(inFloat32), doubts: doubt === undefined ? [] : [doubt] };
}

async function readRun(folder: string): Promise<ReadPretrained> {
  const { parameters, state, signature, doubts } = await readTrained(folder);
  return { name: folder, tensors: [...parameters, ...state].map(inFloat32), signature, doubts };
}

async function readTensors(file: string): Promise<NumberTensor[]> {
  const read = await readBytes(file).catch((error) => {
    throw bad(file, 'a file with weights', (error as Error).message);
  });
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
  if (bytes.toString('latin1', 0, 2) === 'PK') {
    const hint = 'in Python: safetensors.torch.save_file(model.state_dict(), "weights.safetensors")';
    throw bad(file, 'weights in .safetensors or .npz', 'a pickle of PyTorch, which is never opened', hint);
  }
  const { tensors } = parseSafetensors(file, bytes, { foreign: true });
  // Who begins anew does not want what an optimizer has remembered.
  return tensors.filter(({ id }) => !id.startsWith('optimizer.'));
}

async function readArrays(file: string): Promise<NumberTensor[]> {
  const arrays = await openArrays(file);
  const tensors: NumberTensor[] = [];
  for (const id of arrays.names) {
    const { shape, values } = await arrays.read(id);
    tensors.push({ id, shape, values: Float32Array.from(values) });
  }
  return tensors;
}

function inFloat32({ id, shape, values }: NumberTensor): NumberTensor<Float32Array> {
  return { id, shape, values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

function bad(where: string, expected: string, got: string, hint?: string): LockstepError {
  return new LockstepError('checkpoint', { where, expected, got, ...(hint ? { hint } : {}) });
}
