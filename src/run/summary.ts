/** summary.json: what a training came to, with the digests by which any change of the folder shows. */
import { join } from 'node:path';
import type { EvaluationDetails } from '../contracts/figures.ts';
import type { Task } from '../contracts/task.ts';
import type { PretrainedRecord } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { sha256 } from '../platform/digest.ts';
import { piecesOf, readText } from '../platform/files.ts';
import { digestedFiles, runFiles } from './run-files.ts';
import { writeWhole } from './write-whole.ts';

/** The format of the folders that are written now. */
export const runFormat = 2;

/** Figures by name; of values and flags also those of each column. */
export interface TestFigures {
  readonly loss: number;
  readonly columns?: EvaluationDetails['columns'];
  readonly [figure: string]: number | EvaluationDetails['columns'];
}

/** The result of a run, for people and programs: summary.json. */
export interface RunSummary {
  /** Of the folder; missing in runs of 0.1.0. */
  format?: number;
  experiment: string;
  seed: number;
  threads: number;
  /** The threads that took part in the end: no more than there are cores, and only as many as helped. */
  activeThreads: number;
  /** Number of whole epochs. */
  epochs: number;
  parameters: number;
  weightsSha256: string;
  /** Of the weights and the layers' state together; missing in runs of 0.1.0. */
  stateSha256?: string;
  /** The weights that the training began with, if it did not draw them. */
  pretrained?: PretrainedRecord;
  dataSha256: string;
  /** What is predicted; missing in runs of 0.1.0, which all predict classes. */
  task?: Task;
  /** Of pictures: their pixels. */
  height?: number;
  width?: number;
  channels?: number;
  /** Of classes: how many, and their names if they have any. */
  classes?: number;
  classNames?: readonly string[];
  /** Of a table: the columns that are read. */
  columns?: readonly string[];
  /** Of values and flags: what is predicted. */
  targets?: readonly string[];
  /** Figures on the test set; null if the run was stopped before its end. */
  test: TestFigures | null;
  /** Wall time from the start of the command to the end of the training. */
  seconds: number;
  stopped: boolean;
  /** Early stopping ended the training. */
  stoppedEarly: boolean;
  /** Epoch of the best validation figure and of checkpoints/best.safetensors. Null without validation. */
  bestEpoch: number | null;
  /** The checkpoint that weightsSha256 and the test figures belong to: `best` with early stopping. */
  result: 'last' | 'best';
  /** Number of updates. */
  steps: number;
  /** Digest of all that determines the bits, except the data. */
  fingerprint: string;
  kernels: string;
  lockstep: string;
  node: string;
  platform: string;
  /** Files that could not be written, if there are some. */
  missing?: readonly string[];
  /** The SHA-256 of the other files of the run, by their names. Missing in runs of 0.1.0. */
  files?: Readonly<Record<string, string>>;
  /** Of this file without this field. */
  sha256?: string;
}

/** What is known of a run before its files are digested. */
export type Result = Omit<RunSummary, 'format' | 'files' | 'sha256'>;

/** Writes summary.json, with the digests of the files that lie in the folder. */
export async function writeSummary(folder: string, result: Result): Promise<RunSummary> {
  const summary = signed({ format: runFormat, ...result, files: await digestsIn(folder) });
  await writeWhole(join(folder, runFiles.summary), [textOf(summary)]);
  return summary;
}

/** The summary with its own digest. */
function signed({ sha256: _, ...rest }: RunSummary): RunSummary {
  const digest = sha256();
  digest.add(textOf(rest));
  return { ...rest, sha256: digest.hex() };
}

/** Whether a text is that of a summary with the digest of itself. One of 0.1.0 has none, and passes. */
export function isSigned(summary: RunSummary, text: string): boolean {
  const { format, files, sha256 } = summary;
  if (format === undefined && files === undefined && sha256 === undefined) return true;
  // The very text: a space that was changed is a change too.
  return textOf(signed(summary)) === text;
}

const textOf = (summary: RunSummary) => `${JSON.stringify(summary, null, 2)}\n`;

/** The SHA-256 of the files of the run that are there, by their names. */
export async function digestsIn(
  folder: string,
  names: readonly string[] = digestedFiles,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const digest = await digestOfFile(join(folder, name));
    if (digest !== undefined) found[name.replaceAll('\\', '/')] = digest;
  }
  return found;
}

/** Undefined: there is no such file. */
async function digestOfFile(file: string): Promise<string | undefined> {
  const digest = sha256();
  try {
    for await (const piece of piecesOf(file)) digest.add(piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LockstepError('checkpoint', `${file}: cannot be read: ${(error as Error).message}`);
  }
  return digest.hex();
}

/**
 * Reads summary.json. Undefined if there is none: the run was interrupted.
 *
 * @throws LockstepError `checkpoint` if it was changed, is damaged, or is of a newer format
 */
export async function readSummary(folder: string): Promise<RunSummary | undefined> {
  const where = join(folder, runFiles.summary);
  let text: string;
  try {
    text = await readText(where);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LockstepError('checkpoint', `${where}: cannot be read: ${(error as Error).message}`);
  }
  return parseSummary(where, text);
}

/** Reads the text of summary.json; `where` is for messages. */
export function parseSummary(where: string, text: string): RunSummary {
  let summary: Partial<RunSummary> | null = null;
  try {
    summary = JSON.parse(text);
  } catch {
    // It is no object then.
  }
  if (typeof summary !== 'object' || summary === null || Array.isArray(summary)) {
    throw new LockstepError('checkpoint', { where, expected: 'a summary in JSON', got: 'something else' });
  }
  if (summary.format === undefined && summary.files === undefined && summary.sha256 === undefined) {
    return checkOld(where, summary);
  }
  if (typeof summary.format === 'number' && summary.format > runFormat) {
    const hint = 'it was written by a newer version of Lockstep';
    throw new LockstepError('checkpoint', {
      where,
      expected: `a run of format ${runFormat}`,
      got: String(summary.format),
      hint,
    });
  }
  if (!isSigned(summary as RunSummary, text)) {
    throw new LockstepError('checkpoint', {
      where,
      expected: 'a summary with the digest of itself',
      got: 'another digest',
      hint: 'it was changed or is damaged',
    });
  }
  return summary as RunSummary;
}

/** A summary of 0.1.0 has no digest, so the kinds of what is read are checked. */
function checkOld(where: string, summary: Partial<RunSummary>): RunSummary {
  const kinds: readonly [name: keyof RunSummary, is: (value: unknown) => boolean, expected: string][] = [
    ['experiment', isText, 'a name'],
    ['seed', Number.isSafeInteger, 'an integer'],
    ['threads', Number.isSafeInteger, 'an integer'],
    ['epochs', Number.isSafeInteger, 'an integer'],
    ['steps', Number.isSafeInteger, 'an integer'],
    ['parameters', Number.isSafeInteger, 'an integer'],
    ['weightsSha256', isDigest, '64 hexadecimal digits'],
    ['dataSha256', isDigest, '64 hexadecimal digits'],
    ['seconds', Number.isFinite, 'a number'],
    ['test', isFigures, 'figures or null'],
    ['stopped', (value) => typeof value === 'boolean', 'true or false'],
    ['result', (value) => value === 'last' || value === 'best', 'last or best'],
    ['fingerprint', isDigest, '64 hexadecimal digits'],
  ];
  const wrong = kinds.find(([name, is]) => !is(summary[name]));
  if (!wrong) return summary as RunSummary;
  const [name, , expected] = wrong;
  const got = JSON.stringify(summary[name]) ?? 'nothing';
  throw new LockstepError('checkpoint', { where: `${where}: ${name}`, expected, got: got.slice(0, 60) });
}

const isText = (value: unknown) => typeof value === 'string';
const isDigest = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function isFigures(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(value as object).every(
    ([name, figure]) => name === 'columns' || Number.isFinite(figure),
  );
}
