/** `train predict RUN FILE...`: classifies pictures with a trained network, or predicts rows of files. */
import type { Argv } from 'yargs';
import { allocateSamples, columnsOf } from '../data/dataset.ts';
import { type Prepared, prepareImage } from '../data/pictures/prepare.ts';
import type { PictureProfile } from '../data/pictures/profile.ts';
import { shapeText } from '../data/reader.ts';
import { LockstepError } from '../foundation/errors.ts';
import { openRun, type TrainedRun } from '../run/open-run.ts';
import { profileOfRun } from '../run/picture-profile.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn } from './console.ts';
import { grouped, percent } from './format.ts';
import { typed } from './options.ts';
import { pictureFiles } from './picture-files.ts';
import { pixelArt } from './pixel-art.ts';
import { isPicture, outlet, predictRows, type RowArguments } from './predict-rows.ts';
import { type Predictions, predictionsOf } from './predictions.ts';
import { startStatusLine } from './status-line.ts';
import { unicode } from './terminal-characters.ts';

interface Arguments extends RowArguments {
  files: string[];
  asIs?: boolean;
}

export const predictCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .positional('files', {
          describe:
            'PNG or JPEG pictures of one thing each, in any size and colours, or folders of them; ' +
            'or files of rows: CSV, IDX, npz',
          type: 'string',
          array: true,
          demandOption: true,
        })
        .option('as-is', {
          describe: 'take pictures as they are: resized if need be, never inverted, cropped or centred',
          type: 'boolean',
        })
        .option('out', {
          describe: 'the CSV file to write, such as predictions.csv',
          type: 'string',
          requiresArg: true,
        })
        .option('columns', {
          describe: 'names for its columns, such as ImageId,Label',
          type: 'string',
          requiresArg: true,
        })
        .option('probabilities', {
          describe: 'a column with the probability of each class',
          type: 'boolean',
        })
        .option('json', {
          describe: 'one JSON object a line',
          type: 'boolean',
        }),
    ),
  handler: predict,
};

/** A class and its probability. */
interface Guess {
  class: number;
  /** If the classes have names. */
  name?: string;
  probability: number;
}

/** Number of most likely classes that are shown. */
const shown = 3;

async function predict(given: Arguments): Promise<void> {
  const line = startStatusLine(err);
  const run = await openRun(given.run, {
    // One picture at a time is too quick to tell.
    onProgress: (done, of) => of > 1 && line.show(`predicting: ${grouped(done)} of ${grouped(of)} samples`),
  });
  for (const doubt of run.doubts) warn(doubt);
  const files = pictureFiles(given.files);
  const pictures = await Promise.all(files.map(isPicture));
  if (!pictures.includes(true)) {
    if (given.asIs) {
      throw new LockstepError('usage', { where: '--as-is', expected: 'pictures', got: `rows: ${files[0]}` });
    }
    return predictRows(run, given, line.clear);
  }
  refuseRows(files, pictures);
  refusePictures(run, files[0]!);
  const { profile, doubt } = await profileOfRun(run);
  if (doubt) warn(doubt);
  const asTable = given.out ?? given.columns ?? given.probabilities;
  const put = asTable === undefined ? undefined : await outlet(run, given);
  const longest = Math.max(...files.map((file) => file.length));
  const changes = new Map<string, string[]>();
  const read: { file: string; prepared: Prepared }[] = [];
  for (const [index, file] of files.entries()) {
    try {
      line.show(`picture ${grouped(index + 1)} of ${grouped(files.length)}`);
      const prepared = await prepare(file, profile, given.asIs === true);
      const done = prepared.asIs ? 'taken unchanged' : prepared.done.join(', ') + switchOff(prepared);
      changes.set(done, [...(changes.get(done) ?? []), file]);
      if (prepared.doubts.length > 0 || !put) line.clear();
      for (const doubt of prepared.doubts) warn(`${file}: ${doubt}`);
      if (put) {
        read.push({ file, prepared });
        continue;
      }
      const guesses = guess(run, prepared);
      if (given.json) out.line(JSON.stringify({ file, ...top(guesses), classes: guesses }));
      else if (out.live) draw(file, run, prepared, profile, guesses);
      else out.line(oneLine(file.padEnd(longest), guesses));
    } catch (error) {
      // A bad file is reported, and the others are still classified.
      line.clear();
      if (!(error instanceof LockstepError) || error.code !== 'data') throw error;
      err.line(`${err.paint('red', 'train:')} ${error.message}`);
      process.exitCode = error.exitCode;
    }
  }
  const all = put && read.length > 0 ? tableOf(run, read, given.probabilities === true) : undefined;
  line.clear();
  if (all) await put!(all);
  for (const line of changeLines(changes)) err.line(line);
}

function refuseRows(files: readonly string[], pictures: readonly boolean[]): void {
  const rows = pictures.indexOf(false);
  if (rows < 0) return;
  throw new LockstepError('usage', {
    where: files[rows]!,
    expected: 'pictures only, or files of rows only',
    got: 'this beside pictures',
  });
}

/** A network of rows of a table reads no pictures. */
function refusePictures({ signature: { features } }: TrainedRun, file: string): void {
  if (features.kind === 'bytes') return;
  throw new LockstepError('data', {
    where: file,
    expected: `${shapeText(features)}, as the network was trained on`,
    got: 'a picture',
  });
}

/** The predictions for pictures as a table, by file. */
function tableOf(
  run: TrainedRun,
  read: readonly { file: string; prepared: Prepared }[],
  probabilities: boolean,
): Predictions {
  const { features } = run.signature;
  const samples = allocateSamples(read.length, features, run.signature.targets);
  for (const [i, { prepared }] of read.entries())
    samples.features.set(prepared.pixels, i * columnsOf(features));
  const id = { name: 'file', values: read.map(({ file }) => file) };
  return predictionsOf(run, { features, samples, id }, { probabilities });
}

/** How to keep a picture from being changed more than evaluate does. */
function switchOff({ done }: Prepared): string {
  const plain = /^(resized|laid over white|turned to grey)/;
  return done.every((change) => plain.test(change)) ? '' : '; --as-is leaves that out';
}

/** Files that a line names. */
const named = 3;

/** What was done to the pictures: one line if it was the same for all, otherwise a line for each kind. */
function changeLines(changes: ReadonlyMap<string, readonly string[]>): string[] {
  return [...changes].map(([done, files]) => {
    const count = files.length === 1 ? '1 picture' : `${files.length} pictures`;
    const names = files.slice(0, named).join(', ') + (files.length > named ? ', ...' : '');
    return changes.size === 1 ? `${count}: ${done}` : `${count} (${names}): ${done}`;
  });
}

/** The size of the pictures that the network reads. */
function pictureShape({ folder, signature: { features } }: TrainedRun): { height: number; width: number } {
  if (features.kind === 'bytes') return { height: features.shape[0], width: features.shape[1] };
  throw new LockstepError('usage', {
    where: folder,
    expected: 'a network that was trained on pictures',
    got: 'one that was trained on a table',
  });
}

async function prepare(file: string, profile: PictureProfile, asIs: boolean): Promise<Prepared> {
  // Loaded late, because every command loads this file.
  const { readPicture } = await import('../data/pictures/read.ts');
  const [height, width] = profile.shape;
  const prepared = prepareImage(await readPicture(file), { height, width }, profile, { asIs });
  if (prepared) return prepared;
  throw new LockstepError('data', {
    where: file,
    expected: 'something that stands out from its background',
    got: 'an image of one colour',
    hint: 'no training picture is blank; with --as-is it is predicted all the same',
  });
}

/** The class that is predicted, and its name if it has one. */
function top([best]: readonly Guess[]): Omit<Guess, 'probability'> {
  const { probability: _, ...named } = best!;
  return named;
}

/** All classes, the most likely first. */
function guess(run: TrainedRun, { pixels }: Prepared): Guess[] {
  const { targets } = run.signature;
  const names = targets.kind === 'classes' ? targets.names : undefined;
  return [...run.probabilities({ count: 1, features: pixels })]
    .map((probability, c): Guess => ({ class: c, ...(names ? { name: names[c]! } : {}), probability }))
    .sort((a, b) => b.probability - a.probability || a.class - b.class);
}

/** The class as people call it. */
const nameOf = ({ class: c, name = String(c) }: Guess) => name;

/** One line for a file, for pipes. */
function oneLine(file: string, guesses: readonly Guess[]): string {
  const parts = guesses
    .slice(0, shown)
    .map((one) => `${nameOf(one)} ${percent(one.probability).padStart(8)}`);
  return [file, ...parts].join('   ');
}

/** Draws the network's input, and beside it the prediction, for people. */
function draw(
  file: string,
  run: TrainedRun,
  { pixels }: Prepared,
  profile: PictureProfile,
  guesses: readonly Guess[],
): void {
  const columns = out.columns();
  const size = pictureShape(run);
  const best = guesses.slice(0, shown);
  const digits = Math.max(...best.map((one) => nameOf(one).length));
  const ink = size.width + 30 < columns ? inkOf(pixels, profile) : undefined;
  const art = ink ? pixelArt(ink, size, unicode()) : [];
  const room = columns - (art.length > 0 ? size.width + 4 : 0) - digits - 14;
  const bars = best.map((one, rank) => {
    const { probability } = one;
    const name = nameOf(one).padStart(digits);
    const text = `${name} ${percent(probability).padStart(9)}  ${bar(probability, Math.min(40, room))}`;
    return rank === 0 ? out.paint('bold', text) : text;
  });
  out.line(out.paint('bold', file));
  const first = Math.max(0, Math.floor((art.length - bars.length) / 2));
  for (let line = 0; line < Math.max(art.length, bars.length); line++) {
    const picture = art.length > 0 ? `  ${(art[line] ?? '').padEnd(size.width)}  ` : '  ';
    out.line(`${picture}${bars[line - first] ?? ''}`.trimEnd());
  }
  out.line();
}

/** The network's input as ink, 0 to 255; undefined if it has colours. */
function inkOf(pixels: Uint8Array, { shape, range, drawings }: PictureProfile): Uint8Array | undefined {
  if (shape[2] !== 1) return undefined;
  const [paper, ink] = drawings ? [drawings.paper, drawings.ink] : range;
  return pixels.map((level) => Math.max(0, Math.min(255, (255 * (level - paper)) / (ink - paper))));
}

function bar(share: number, width: number): string {
  const [full, empty] = unicode() ? ['━', '─'] : ['#', '.'];
  const length = Math.round(share * Math.max(0, width));
  return full.repeat(length) + out.paint('dim', empty.repeat(Math.max(0, width) - length));
}
