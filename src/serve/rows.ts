/** The rows of a request as a network reads them, from whatever form they have. */
import type { FeatureArray, Features } from '../data/dataset.ts';
import type { PictureProfile } from '../data/pictures/profile.ts';
import { inWordsOf } from '../data/preparation.ts';
import type { Signature } from '../data/split.ts';
import { tableSamples } from '../data/tables/table-samples.ts';
import { unknownWords } from '../data/tables/unknown-words.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import { grouped } from '../foundation/format.ts';
import { jsonRows } from './json-rows.ts';
import type { ServeLimits } from './limits.ts';
import { pictureRow } from './picture-row.ts';
import { Refusal } from './refusal.ts';

/** What is known of a network to read rows for it. Plain data. */
export interface RowRules {
  signature: Signature;
  format: DataFormat;
  /** Of the training pictures; undefined of tables. */
  profile: PictureProfile | undefined;
}

export type BodyKind = 'json' | 'csv' | 'picture';

/** A body to predict. Plain data. */
export interface Job {
  kind: BodyKind;
  body: Uint8Array;
  /** A picture is resized if need be, and otherwise left as it is. */
  asIs: boolean;
}

/** Rows as the network reads them, a word by its index among the network's own. */
export interface ReadRows {
  count: number;
  features: FeatureArray;
  /** What was noticed, for people. */
  notes: readonly string[];
}

/** Rows whose words may be in another order. */
export interface GivenRows extends ReadRows {
  like: Features;
}

/** A line may be part of a cell. */
const linesOfRow = 4;
const newline = 10;

/**
 * Reads the rows of a body, by the code with which `train predict` reads a file.
 *
 * @throws LockstepError `data`, or a Refusal, that says what is wrong with them
 */
export async function readRows(job: Job, rules: RowRules, limits: ServeLimits): Promise<ReadRows> {
  if (job.body.length === 0) throw new Refusal(400, { where: 'body', expected: 'rows', got: 'nothing' });
  const given = await givenRows(job, rules, limits);
  refuseMany(given.count, limits);
  const { signature } = rules;
  const features = inWordsOf(signature.features, given.like, given.features);
  return { count: given.count, features, notes: given.notes };
}

async function givenRows(job: Job, rules: RowRules, limits: ServeLimits): Promise<GivenRows> {
  if (job.kind === 'picture') return pictureRow(job, rules, limits);
  if (job.kind === 'csv') return csvRows(job.body, rules, limits);
  const given = jsonRows(job.body, rules, limits);
  return { ...given, notes: [...given.notes, ...strange(given, rules)] };
}

async function csvRows(
  contents: Uint8Array,
  { signature, format }: RowRules,
  limits: ServeLimits,
): Promise<GivenRows> {
  // Counted before they are taken apart, which takes long for many.
  refuseMany(contents.reduce((sum, byte) => sum + Number(byte === newline), 0) / linesOfRow, limits);
  const given = await tableSamples('body', { signature, format, wanted: 'rows', contents });
  const { count, features } = given.samples;
  const rows = { count, features, like: given.features };
  return { ...rows, notes: [...given.notes, ...strange(rows, { signature })] };
}

const strange = (
  { count, features, like }: Omit<GivenRows, 'notes'>,
  { signature }: Pick<RowRules, 'signature'>,
) => unknownWords(signature, { features: like, samples: { count, features } });

/** @throws Refusal with status 413 */
export function refuseMany(count: number, { rows }: Pick<ServeLimits, 'rows'>): void {
  if (count <= rows) return;
  throw new Refusal(413, {
    where: 'body',
    expected: `at most ${grouped(rows)} rows`,
    got: `${grouped(count)} or more`,
    hint: 'send them in several requests',
  });
}
