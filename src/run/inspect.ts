/** Whether a run folder holds what its training wrote: first by the digests, then beside a new training. */
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { datasetDigest } from '../data/digest.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { asWeights, type NumberTensor, weightsDigest } from '../model/weights.ts';
import { readBytes, readText } from '../platform/files.ts';
import type { EndEvent } from '../training/events.ts';
import { bestCheckpoint, type CheckpointFacts, lastCheckpoint } from './checkpoint.ts';
import { confusionText, metricsText } from './csv.ts';
import { differences } from './differences.ts';
import { notARun } from './not-a-run.ts';
import { summarize, withPictures } from './record-run.ts';
import { runFiles } from './run-files.ts';
import { readSafetensors, type SafetensorsFile, safetensorsOf } from './safetensors.ts';
import { digestsIn, isSigned, parseSummary, type RunSummary, readSummary } from './summary.ts';

/** What is wrong with a folder. */
export interface Findings {
  /** Files that are absent or unreadable. */
  absent: string[];
  /** What differs from what the training wrote, or would write now. */
  changed: string[];
}

/** Reads summary.json, whatever became of it. Throws a LockstepError if there is none, or no JSON in it. */
export async function readSummaryAsIs(folder: string): Promise<{ summary: RunSummary; changed: string[] }> {
  const file = join(folder, runFiles.summary);
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw notARun(folder);
    throw new LockstepError('checkpoint', { where: file, expected: 'the summary of a run', got: message });
  }
  let summary: unknown;
  try {
    summary = JSON.parse(text);
  } catch {
    // It is no object then.
  }
  if (typeof summary !== 'object' || summary === null || Array.isArray(summary)) {
    throw new LockstepError('checkpoint', {
      where: file,
      expected: 'a summary in JSON',
      got: 'something else',
    });
  }
  const own = summary as RunSummary;
  // One of 0.1.0 has no digest: at least it must have what one has.
  if (own.sha256 === undefined) parseSummary(file, text);
  return { summary: own, changed: isSigned(own, text) ? [] : [`${file} was changed: it has another digest`] };
}

/**
 * Compares the files with the digests in the summary, and the checkpoints with their own.
 *
 * @param checkpoints those that must be there; trainings of a sweep have none
 */
export async function inspectFiles(
  folder: string,
  { files, missing = [] }: RunSummary,
  checkpoints: readonly string[] = [runFiles.weights, runFiles.best],
): Promise<Findings> {
  const findings: Findings = { absent: [], changed: [] };
  for (const name of missing)
    findings.absent.push(`${join(folder, name)}: could not be written in the training`);
  for (const name of checkpoints) {
    try {
      await readSafetensors(join(folder, name));
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      // If the summary knows the file, its digest tells below.
      if (!files?.[name.replaceAll('\\', '/')]) findings.absent.push(error.message);
    }
  }
  if (!files) return findings;
  const found = await digestsIn(folder);
  for (const [name, digest] of Object.entries(files)) {
    const file = join(folder, name);
    if (found[name] === undefined)
      findings.absent.push(`${file}: expected a file of the run, got no such file`);
    else if (found[name] !== digest) findings.changed.push(`${file} was changed: it has another digest`);
  }
  for (const name of Object.keys(found)) {
    if (files[name] === undefined) findings.changed.push(`${join(folder, name)}: is not of the run`);
  }
  return findings;
}

/** A training that was done again, and its data. */
export interface Again {
  experiment: Experiment;
  dataset: Dataset;
  event: EndEvent;
}

/** Compares the folder with what the same training came to now. */
export async function inspectResult(folder: string, summary: RunSummary, again: Again): Promise<string[]> {
  const { experiment, dataset, event } = again;
  const dataSha256 = datasetDigest(dataset);
  const changed: string[] = [];
  const text = async (name: string, expected: string) => {
    const now = await readText(join(folder, name)).catch(() => undefined);
    if (now !== expected) changed.push(`${join(folder, name)}: ${firstDifference(now ?? '', expected)}`);
  };
  await text(runFiles.metrics, metricsText(dataset.targets.kind, event.history));
  const { confusion } = event.test ?? {};
  const { targets } = dataset;
  if (confusion) {
    const names = targets.kind === 'classes' ? targets.names : undefined;
    await text(runFiles.confusion, confusionText(confusion, names));
  }
  const facts: CheckpointFacts = {
    ...{ experiment, dataSha256, classWeights: event.classWeights },
    signature: await withPictures(event.signature, dataset, experiment),
  };
  const best = event.best ?? { ...event.last, epoch: event.epochs };
  const contents = { last: lastCheckpoint(facts, event.position()), best: bestCheckpoint(facts, best) };
  const whole = summary.files !== undefined;
  changed.push(...(await compareTensors(join(folder, runFiles.weights), contents.last, whole)));
  changed.push(...(await compareTensors(join(folder, runFiles.best), contents.best, whole)));
  const options = { experiment, dataset, threads: summary.threads, begun: 0, dataSha256 };
  changed.push(...compareSummaries(join(folder, runFiles.summary), summary, summarize(event, options)));
  return changed;
}

/** How it was executed may differ. */
const ofExecution = ['threads', 'activeThreads', 'seconds', 'lockstep', 'node', 'platform'];

function compareSummaries(file: string, then: RunSummary, now: object): string[] {
  const shared = Object.entries(now).filter(([name]) => !ofExecution.includes(name) && name in then);
  const old = Object.fromEntries(shared.map(([name]) => [name, then[name as keyof RunSummary]]));
  return differences(old, Object.fromEntries(shared)).map((text) => `${file}: ${text}`);
}

async function compareTensors(file: string, expected: SafetensorsFile, whole: boolean): Promise<string[]> {
  const { tensors } = await readSafetensors(file);
  const values = ({ values }: NumberTensor) => weightsDigest(asWeights([{ id: '', shape: [], values }]));
  const now = new Map(tensors.map((tensor) => [tensor.id, tensor]));
  // Files of 0.1.0 have no slots.
  const promised = expected.tensors.filter(({ id }) => whole || now.has(id));
  for (const tensor of promised) {
    const found = now.get(tensor.id);
    if (!found || values(found) !== values(tensor)) return [`${file}: ${tensor.id} differs`];
  }
  if (!whole) return [];
  const bytes = Buffer.concat(safetensorsOf(expected));
  return bytes.equals(await readBytes(file)) ? [] : [`${file}: its header differs`];
}

function firstDifference(now: string, expected: string): string {
  const [a, b] = [now.split('\n'), expected.split('\n')];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line < 0 ? a.length : line;
  const [got, wanted] = [a, b].map((lines) => JSON.stringify(lines[at] ?? ''));
  return `line ${at + 1} differs: expected ${wanted}, got ${got}`;
}

/**
 * The summary of a run that came to its end, with all files that it should have; undefined if something is
 * missing.
 */
export async function finishedRun(folder: string): Promise<RunSummary | undefined> {
  const summary = await readSummary(folder);
  if (!summary || summary.stopped) return undefined;
  const { absent, changed } = await inspectFiles(folder, summary);
  return absent.length + changed.length === 0 ? summary : undefined;
}
