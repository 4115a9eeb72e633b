/** `train predict RUN rows.csv`: predicts the rows of tables and of other files, a line each. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type GivenSamples, openSamples } from '../data/open-samples.ts';
import { listed } from '../data/tables/columns.ts';
import { unknownWords } from '../data/tables/unknown-words.ts';
import { targetNames } from '../data/target-names.ts';
import { LockstepError } from '../foundation/errors.ts';
import { counted } from '../foundation/format.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { readStart } from '../platform/files.ts';
import { csvPieces } from '../run/csv-text.ts';
import type { TrainedRun } from '../run/open-run.ts';
import { writeWhole } from '../run/write-whole.ts';
import { called } from './called.ts';
import { clip, err, out } from './console.ts';
import { grouped, table } from './format.ts';
import { once } from './options.ts';
import { joined, type Predictions, predictionsOf, renamed } from './predictions.ts';
import { whileReading } from './reading-line.ts';

export interface RowArguments {
  run: string;
  files: readonly string[];
  out?: string;
  columns?: string;
  probabilities?: boolean;
  json?: boolean;
}

const pictureEnding = /\.(?:png|jpe?g|gif|bmp|webp|tiff?)$/i;

/** Whether a file is a picture, by its name or its first bytes. All others hold rows, if anything. */
export async function isPicture(file: string): Promise<boolean> {
  if (pictureEnding.test(file)) return true;
  const start = await readStart(file, 4).catch(() => new Uint8Array(0));
  const begins = (bytes: readonly number[]) => bytes.every((byte, i) => start[i] === byte);
  return begins([0x89, 0x50, 0x4e, 0x47]) || begins([0xff, 0xd8, 0xff]);
}

/**
 * Predicts the rows of all files as one table: to a file, or to stdout as CSV, as JSON lines, or in a
 * terminal as its first rows.
 *
 * @param done called when the rows of a file are predicted, and before anything is printed
 * @throws LockstepError `data` with file and line if rows do not fit the network
 */
export async function predictRows(run: TrainedRun, given: RowArguments, done: () => void): Promise<void> {
  const put = await outlet(run, given);
  const parts = [];
  for (const file of given.files) {
    const samples = await openRows(run, file);
    tell(run, file, samples);
    const probabilities = given.probabilities === true;
    parts.push({ file, predictions: predictionsOf(run, samples, { probabilities }) });
    done();
  }
  await put(joined(parts));
}

/** The rows of a file. If it cannot be read, what a network of pictures reads is told, too. */
async function openRows({ signature, experiment }: TrainedRun, file: string): Promise<GivenSamples> {
  try {
    return await whileReading((progress) => openSamples(file, signature, experiment.data, 'rows', progress));
  } catch (error) {
    const { features } = signature;
    const known = error instanceof LockstepError && error.code === 'data' && features.kind === 'bytes';
    if (!known || !(await isFile(file))) throw error;
    const [height, width, channels] = features.shape;
    const rows = `rows of ${height * width * channels} pixels`;
    throw new LockstepError(
      'data',
      `${error.message}; it is no picture: the network reads PNG, JPEG or ${rows}`,
    );
  }
}

const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/**
 * Checks where predictions should go, before they are made, and brings them there.
 *
 * @throws LockstepError `usage` if the options cannot be meant
 */
export async function outlet(
  run: TrainedRun,
  given: RowArguments,
): Promise<(predictions: Predictions) => Promise<void>> {
  const to = given.out === undefined ? undefined : once('out', given.out);
  const names = given.columns === undefined ? undefined : namesIn(once('columns', given.columns));
  if (given.probabilities && run.signature.targets.kind === 'values') {
    throw new LockstepError('usage', {
      where: '--probabilities',
      expected: 'a network that predicts classes or flags',
      got: 'one that predicts values',
    });
  }
  if (to !== undefined) await checkOut(to, [...given.files, ...sourcesOf(run)]);
  return async (all) => {
    const predictions = names ? renamed(all, names) : all;
    if (to !== undefined) await writeOut(to, predictions, given.json === true);
    else if (given.json) for (const text of jsonPieces(predictions)) out.write(text);
    else if (out.live) show(predictions);
    else for (const text of csvOf(predictions)) out.write(text);
  };
}

function namesIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw new LockstepError('usage', {
    where: '--columns',
    expected: 'different names with commas between',
    got: JSON.stringify(text),
  });
}

/** The files that the run was trained on. */
function sourcesOf({ experiment: { data } }: TrainedRun): string[] {
  return [data.source, ...(data.test === undefined ? [] : [data.test])];
}

/** A file that is there is written again, as everybody expects, unless it is data. */
async function checkOut(to: string, data: readonly string[]): Promise<void> {
  const wrong = (expected: string, got: string) =>
    new LockstepError('usage', { where: '--out', expected, got });
  if (data.some((file) => resolve(file) === resolve(to))) {
    throw wrong('another file than the data', to);
  }
  const found = await stat(to).catch(() => undefined);
  if (found && !found.isFile())
    throw wrong('a file', `${to}, ${found.isDirectory() ? 'a folder' : 'a device'}`);
}

async function writeOut(to: string, predictions: Predictions, json: boolean): Promise<void> {
  const pieces = json ? jsonPieces(predictions) : csvOf(predictions);
  try {
    await mkdir(dirname(to), { recursive: true });
    await writeWhole(to, [...pieces]);
  } catch (error) {
    throw new LockstepError('failed', `--out: ${to} could not be written: ${(error as Error).message}`);
  }
  out.line(`predictions    ${rowsText(predictions.count)} in ${to}`);
}

const rowsText = (count: number) => `${grouped(count)} ${count === 1 ? 'row' : 'rows'}`;

const csvOf = ({ header, count, row }: Predictions) => csvPieces(header, count, row);

/** Lines of text that are written at a time. */
const linesOfPiece = 1000;

function* jsonPieces({ header, count, row }: Predictions): Generator<string> {
  for (let first = 0; first < count; first += linesOfPiece) {
    let text = '';
    for (let index = first; index < Math.min(count, first + linesOfPiece); index++) {
      const cells = row(index);
      text += `${JSON.stringify(Object.fromEntries(header.map((name, c) => [name, cells[c]])))}\n`;
    }
    yield text;
  }
}

/** Rows that are shown in a terminal. */
const mostShown = 20;
const fewestShown = 5;

/** The first rows, as many columns as fit. */
function show({ header, front, count, row }: Predictions): void {
  const most = Math.max(fewestShown, Math.min(mostShown, out.rows() - 6));
  const shown = Array.from({ length: Math.min(count, most) }, (_, index) => row(index));
  const width = out.columns();
  const cells = [
    header.map(String),
    ...shown.map((cells) => cells.map((cell, c) => shortText(cell, c >= front))),
  ];
  const columns = fitting(cells, width);
  const alignment = columns.map((c) => (typeof shown[0]?.[c] === 'number' ? 'r' : 'l')).join('');
  const lines = table(
    cells.map((line) => columns.map((c) => line[c]!)),
    alignment,
  );
  for (const [index, line] of lines.entries()) {
    const text = clip(line, width);
    out.line(index === 0 ? out.paint('bold', text) : text);
  }
  const more = [
    ...(count > shown.length ? [rowsText(count - shown.length)] : []),
    ...(header.length > columns.length ? [counted(header.length - columns.length, 'column')] : []),
  ];
  if (more.length > 0) out.line(out.paint('dim', `… ${more.join(' and ')} more: --out FILE.csv`));
}

function shortText(cell: string | number, isProbability: boolean): string {
  if (typeof cell === 'string') return cell;
  if (isProbability) return cell.toFixed(4);
  return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(5)));
}

/** The first columns, at least two, that fit into so many characters with two spaces between. */
function fitting(cells: readonly (readonly string[])[], width: number): number[] {
  const columns: number[] = [];
  let taken = -2;
  for (const c of cells[0]!.keys()) {
    taken += 2 + Math.max(...cells.map((line) => line[c]!.length));
    if (taken >= width && columns.length > 1) break;
    columns.push(c);
  }
  return columns;
}

/** What was noticed in a file, on stderr. */
function tell(run: TrainedRun, file: string, given: GivenSamples): void {
  const prefix = `${file}: `;
  for (const note of given.notes) err.line(prefix + note);
  for (const text of unknownWords(run.signature, given)) err.line(prefix + text);
  if (!given.labelled) return;
  const names = listed(targetNames(run.signature));
  const command = `${called} evaluate ${shellWord(run.folder)} --data ${shellWord(file)}`;
  err.line(`${prefix}has ${names}; \`${command}\` says how many are right`);
}
