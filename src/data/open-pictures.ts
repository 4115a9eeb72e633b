/** Opens a folder of pictures: a folder for each class. */
import type { Targets } from '../contracts/task.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import { LockstepError } from '../foundation/errors.ts';
import { allocateTargets, type Dataset, type Features, type Samples } from './dataset.ts';
import { loadPictureFolder, loadPictureTest, type PictureSamples } from './formats/picture-folder.ts';
import { type GivenSamples, type Reader, type ReadRequest, type SampleRequest, shapeText } from './reader.ts';
import { withTestSet } from './test-split.ts';

/** The share of pictures that becomes the test set if there is no folder for it. */
const usualTestShare = 0.2;

export const pictures: Reader = {
  owns: ({ kind }) => kind === 'folder',
  open: openPictures,
  samples: testPictures,
};

async function openPictures(folder: string, { format, progress }: ReadRequest): Promise<Dataset> {
  const size = sizeOf(format);
  const read = await loadPictureFolder(folder, {
    ...(size ? { size } : {}),
    ...(progress ? { progress: (done: number, all: number) => progress(folder, done, all) } : {}),
  });
  const features: Features = { kind: 'bytes', shape: read.shape };
  const targets: Targets = { kind: 'classes', count: read.classes.length, names: read.classes };
  const all = { name: folder, features, targets, notes: read.notes, train: samplesOf(read.train) };
  return read.test ? { ...all, test: samplesOf(read.test) } : withTestSet(all, format, usualTestShare);
}

/** The test pictures of a folder with a folder for each class, brought to the size of the network. */
async function testPictures(folder: string, { signature, progress }: SampleRequest): Promise<GivenSamples> {
  const { features, targets } = signature;
  if (features.kind !== 'bytes' || targets.kind !== 'classes') {
    throw new LockstepError('data', {
      where: folder,
      expected: `${shapeText(features)}, as the network was trained on`,
      got: 'a folder of pictures',
    });
  }
  const [height, width, channels] = features.shape;
  // Classes without names are called by their numbers.
  const classes = targets.names ?? Array.from({ length: targets.count }, (_, c) => String(c));
  const { samples, notes } = await loadPictureTest(folder, {
    size: { height, width },
    channels: channels === 1 ? 1 : 3,
    classes,
    ...(progress ? { progress: (done: number, all: number) => progress(folder, done, all) } : {}),
  });
  const labels = allocateTargets(samples.count, targets);
  labels.set(samples.labels);
  return {
    name: `pictures of ${folder}`,
    features,
    samples: { count: samples.count, features: samples.features, targets: labels },
    labelled: true,
    id: { name: 'file', values: samples.files },
    everySample: false,
    notes,
  };
}

/** `data.size` as height and width. */
function sizeOf({ size }: DataFormat): { height: number; width: number } | undefined {
  if (size === undefined) return undefined;
  const [height, width] = size.split('x').map(Number) as [number, number];
  if (height > 0 && width > 0) return { height, width };
  throw new LockstepError('usage', { where: 'data.size', expected: 'a size such as 28x28', got: size });
}

function samplesOf({ count, features, labels }: PictureSamples): Samples {
  return { count, features, targets: labels };
}
