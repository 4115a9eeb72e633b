/** Opens `mnist`, `mnist-2000`, and folders of IDX files. */
import { isDigitSource } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { kindOf, namesIn } from '../platform/files.ts';
import { basename, dirname } from '../platform/paths.ts';
import { allocateTargets } from './dataset.ts';
import { loadIdxFolder, readIdxTest, samplesOf } from './formats/idx.ts';
import { firstDigits, firstTestDigits, mnistFolder } from './formats/mnist.ts';
import { type GivenSamples, type Place, type Reader, type SampleRequest, shapeText } from './reader.ts';
import { scaleBytes } from './white.ts';

const isIdx = (name: string) => /idx\d-(?:ubyte|int)(?:\.gz)?$/i.test(name);

export const idx: Reader = {
  async owns({ path, kind, names }: Place) {
    return isDigitSource(path) || names.some(isIdx) || (kind === undefined && (await isFamily(path)));
  },
  async open(source, { format }) {
    if (!isDigitSource(source)) return loadIdxFolder(source, format);
    return { ...firstDigits(source, await loadIdxFolder(mnistFolder())), name: source };
  },
  samples: testSamples,
};

/** Whether a path is that of a family in a folder, such as FOLDER/emnist-letters. */
async function isFamily(path: string): Promise<boolean> {
  const folder = dirname(path);
  if ((await kindOf(folder).catch(() => undefined)) !== 'folder') return false;
  const family = basename(path);
  return (await namesIn(folder)).some((name) => name.startsWith(family) && isIdx(name));
}

async function testSamples(source: string, { signature, format }: SampleRequest): Promise<GivenSamples> {
  const digits = isDigitSource(source);
  const read = await readIdxTest(digits ? mnistFolder() : source, format);
  const samples = digits ? firstTestDigits(source, samplesOf(read)) : samplesOf(read);
  const shape = [read.height, read.width, read.channels];
  const { features, targets } = signature;
  if (features.kind !== 'bytes' || String(features.shape) !== String(shape)) {
    throw new LockstepError('data', {
      where: source,
      expected: `${shapeText(features)}, as the network was trained on`,
      got: `images of ${shape.slice(0, shape[2] === 1 ? 2 : 3).join(' x ')} pixels`,
    });
  }
  scaleBytes(samples.features as Uint8Array, features.white ?? 255);
  const name = `test samples of ${source}`;
  const fitted = { ...samples, targets: allocateTargets(samples.count, targets) };
  if (targets.kind === 'classes') {
    for (const [i, label] of samples.targets.entries()) {
      if (label >= targets.count) throw unknownClass(source, targets.count, label, i);
      fitted.targets[i] = label;
    }
  }
  return {
    name,
    features,
    samples: fitted,
    labelled: true,
    id: undefined,
    everySample: false,
    notes: [],
  };
}

function unknownClass(where: string, classes: number, got: unknown, sample: number): LockstepError {
  return new LockstepError('data', {
    where,
    expected: `labels from 0 to ${classes - 1}, the classes of the network`,
    got: `${got} for sample ${sample + 1}`,
  });
}
