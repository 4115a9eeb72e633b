/** The rows of a request as a network reads them, from whatever form they have. */
import { inWordsOf } from '../data/preparation.ts';
import { tableSamples } from '../data/tables/table-samples.ts';
import { unknownWords } from '../data/tables/unknown-words.ts';
import { Refusal } from '../http/refusal.ts';
import { type GivenRows, type Job, type ReadRows, type RowRules, refuseMany } from './given-rows.ts';
import { jsonRows } from './json-rows.ts';
import type { ServeLimits } from './limits.ts';
import { pictureRow } from './picture-row.ts';

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
