/** Opens a CSV file: a table, or pictures with a label. */
import { LockstepError } from '../foundation/errors.ts';
import { columnsOf, type Dataset, largestLabel } from './dataset.ts';
import { testFileBeside } from './files-beside.ts';
import { loadCsv } from './formats/csv.ts';
import { type CsvLook, isPixelName, lookAtCsv, namesPixels } from './formats/csv-kind.ts';
import type { Reader, ReadRequest } from './reader.ts';
import { openTable } from './tables/open-table.ts';
import { openPixelTable, pictureShape } from './tables/pixel-table.ts';
import { tableSamples } from './tables/table-samples.ts';
import { withTestSet } from './test-split.ts';
import { largestOf, scaleBytes, whiteOf, whiteText } from './white.ts';

/** The share of pictures in a CSV file that becomes the test set if nothing else is said. */
const usualTestShare = 1 / 7;

export const csv: Reader = {
  owns: ({ kind }) => kind !== undefined,
  open: openCsv,
  samples: tableSamples,
};

/**
 * A header makes a file a table, unless its names are those of pixels. Without a header, bytes are pictures,
 * their label first; anything else is a table.
 *
 * @throws LockstepError `data` with file and line if there is one
 */
async function openCsv(file: string, request: ReadRequest): Promise<Dataset> {
  const { format, tasks } = request;
  const look = await lookAtCsv(file, format.header);
  const testFile = format.test ?? (await testFileBeside(file));
  if (!tasks.includes('classes') || !isPictures(look, request)) {
    return openTable(file, { ...request, testFile });
  }
  const plain =
    isPlain(look, request) && (testFile === undefined || (await isAlike(testFile, look, request)));
  const dataset = plain ? await openPlain(file, testFile, request) : await openOther(file, testFile, request);
  refuseOneClass(dataset, look);
  return dataset;
}

function isPictures({ header, bytes }: CsvLook, { format }: Pick<ReadRequest, 'format'>): boolean {
  if (format.shape !== undefined) return true;
  if (format.features || format.drop || format.categories || format.preparation) return false;
  return header ? namesPixels(header) : bytes;
}

/** The label is first, all else are pixels, and all are bytes. */
function isPlain({ header, bytes, counted }: CsvLook, { format }: Pick<ReadRequest, 'format'>): boolean {
  const { target } = format;
  const first = target === undefined || target === 'first' || target === 1 || target === header?.[0];
  if (!bytes || !first || counted) return false;
  if (!header) return true;
  return /^(?:label|labels|class|target|y)$/i.test(header[0]!) && header.slice(1).every(isPixelName);
}

/** Whether the test file has the columns of the training file in the same order. */
async function isAlike(
  testFile: string,
  look: CsvLook,
  request: Pick<ReadRequest, 'format'>,
): Promise<boolean> {
  const other = await lookAtCsv(testFile, request.format.header);
  return other.bytes && String(other.header) === String(look.header);
}

/** The fast path: bytes with the label in front. */
async function openPlain(
  file: string,
  testFile: string | undefined,
  { format }: Pick<ReadRequest, 'format'>,
): Promise<Dataset> {
  const whole = testFile === undefined && (format.fold !== undefined || format.testShare !== undefined);
  const dataset = await loadCsv(file, { testFile, whole });
  const { train, test, features } = dataset;
  const pixels = columnsOf(features);
  const white = whiteOf(file, largestOf(train.features), format.white);
  for (const samples of [train, test]) {
    const largest = white === 255 ? 0 : largestOf(samples.features);
    if (largest > white) throw aboveWhite(testFile ?? file, white, largest);
    scaleBytes(samples.features as Uint8Array, white);
  }
  const text = whiteText(white);
  const shape = pictureShape(file, pixels, format.shape);
  const found: Dataset = {
    ...dataset,
    features: white === 255 ? { kind: 'bytes', shape } : { kind: 'bytes', shape, white },
    notes: text ? [text] : [],
  };
  return whole && !format.fold ? withTestSet(found, format, usualTestShare) : found;
}

function aboveWhite(file: string, white: number, got: number): LockstepError {
  return new LockstepError('data', {
    where: file,
    expected: `pixels of at most ${white}, as in the training set`,
    got: String(got),
    hint: 'say what a white pixel is with --set data.white=255',
  });
}

async function openOther(file: string, testFile: string | undefined, request: ReadRequest): Promise<Dataset> {
  const { test, ...all } = await openPixelTable(file, { ...request, testFile });
  return test ? { ...all, test } : withTestSet(all, request.format, usualTestShare);
}

/** A single class is no classification: usually the first pixel was taken for the label. */
function refuseOneClass({ name, targets, train }: Dataset, { header }: CsvLook): void {
  if (targets.kind !== 'classes') return;
  const first = train.targets[0];
  if (train.targets.some((label) => label !== first)) return;
  const count = largestLabel(train) + 1;
  throw new LockstepError('data', {
    where: name,
    expected: 'labels of at least two classes in the first column',
    got: `${first} in every row${count > 1 ? '' : ', which is usual of a first pixel'}`,
    ...(header ? {} : { hint: 'if the label comes last: --set data.target=last' }),
  });
}
