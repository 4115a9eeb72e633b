/** `train predict RUN FILE.png...`: classifies pictures with a trained network. */
import type { Argv, CommandModule } from 'yargs';
import { type Prepared, prepareImage } from '../data/pictures/prepare.ts';
import { LockstepError } from '../foundation/errors.ts';
import { openRun, type TrainedRun } from '../run/open-run.ts';
import { err, out } from './console.ts';
import { percent } from './format.ts';
import { typed } from './options.ts';
import { pictureFiles } from './picture-files.ts';
import { pixelArt } from './pixel-art.ts';

interface Arguments {
  run: string;
  files: string[];
  json?: boolean;
}

export const predictCommand: CommandModule<object, Arguments> = {
  command: 'predict <run> <files..>',
  describe: 'show what a trained network takes PNG images for',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .positional('files', {
          describe: 'PNG images of one digit each, in any size and colours, or folders of them',
          type: 'string',
          array: true,
          demandOption: true,
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
  probability: number;
}

/** Number of most likely classes that are shown. */
const shown = 3;

async function predict(given: Arguments): Promise<void> {
  const run = await openRun(given.run);
  const files = pictureFiles(given.files);
  const longest = Math.max(...files.map((file) => file.length));
  for (const file of files) {
    try {
      const prepared = await prepare(file, run);
      const guesses = guess(run, prepared);
      if (given.json) out.line(JSON.stringify({ file, class: guesses[0]!.class, classes: guesses }));
      else if (out.live) draw(file, run, prepared, guesses);
      else out.line(oneLine(file.padEnd(longest), guesses));
    } catch (error) {
      // A bad file is reported, and the others are still classified.
      if (!(error instanceof LockstepError) || error.code !== 'data') throw error;
      err.line(`${err.paint('red', 'train:')} ${error.message}`);
      process.exitCode = error.exitCode;
    }
  }
}

async function prepare(file: string, run: TrainedRun): Promise<Prepared> {
  // Loaded late, because every command loads this file.
  const { readPng } = await import('../data/pictures/png.ts');
  const prepared = prepareImage(await readPng(file), run);
  if (prepared) return prepared;
  throw new LockstepError('data', {
    where: file,
    expected: 'something that stands out from its background',
    got: 'an image of one colour',
  });
}

/** All classes, the most likely first. */
function guess(run: TrainedRun, { pixels }: Prepared): Guess[] {
  return [...run.probabilities({ count: 1, images: pixels })]
    .map((probability, c) => ({ class: c, probability }))
    .sort((a, b) => b.probability - a.probability || a.class - b.class);
}

/** One line for a file, for pipes. */
function oneLine(file: string, guesses: readonly Guess[]): string {
  const parts = guesses.slice(0, shown).map((one) => `${one.class} ${percent(one.probability).padStart(8)}`);
  return [file, ...parts].join('   ');
}

/** Draws the network's input, and beside it the prediction, for people. */
function draw(file: string, run: TrainedRun, { pixels, asIs }: Prepared, guesses: readonly Guess[]): void {
  const columns = out.columns();
  const best = guesses.slice(0, shown);
  const digits = Math.max(...best.map((one) => String(one.class).length));
  const art = run.width + 30 < columns ? pixelArt(pixels, run, unicode()) : [];
  const room = columns - (art.length > 0 ? run.width + 4 : 0) - digits - 14;
  const bars = best.map(({ class: c, probability }, rank) => {
    const name = String(c).padStart(digits);
    const text = `${name} ${percent(probability).padStart(9)}  ${bar(probability, Math.min(40, room))}`;
    return rank === 0 ? out.paint('bold', text) : text;
  });
  out.line(`${out.paint('bold', file)}${asIs ? out.paint('dim', '  taken as it is') : ''}`);
  const first = Math.max(0, Math.floor((art.length - bars.length) / 2));
  for (let line = 0; line < Math.max(art.length, bars.length); line++) {
    const picture = art.length > 0 ? `  ${(art[line] ?? '').padEnd(run.width)}  ` : '  ';
    out.line(`${picture}${bars[line - first] ?? ''}`.trimEnd());
  }
  out.line();
}

function bar(share: number, width: number): string {
  const [full, empty] = unicode() ? ['━', '─'] : ['#', '.'];
  const length = Math.round(share * Math.max(0, width));
  return full.repeat(length) + out.paint('dim', empty.repeat(Math.max(0, width) - length));
}

/** Whether the terminal shows more than ASCII, by its locale. On Windows all do. */
function unicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return process.platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
