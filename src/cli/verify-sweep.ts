/** `train verify SWEEP`: looks at all of a sweep's folder, and trains the winner, or all trials, again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { datasetDigest } from '../data/digest.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { Findings } from '../run/inspect.ts';
import { sweepFiles } from '../sweep/folder.ts';
import { winnerOf } from '../sweep/ranking.ts';
import type { TrialResult } from '../sweep/trial.ts';
import { inspectSweep, type VerifyOptions, verifyTrials, verifyWinner } from '../sweep/verify.ts';
import { err, out } from './console.ts';
import { openDataOf } from './open-data.ts';
import { openSweepOf } from './open-sweep.ts';
import { once } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';
import { threadCount } from './thread-count.ts';

interface Arguments {
  run: string;
  threads?: string;
  data?: string;
  quiet?: boolean;
  quick?: boolean;
  all?: boolean;
}

export function isSweep(folder: string): boolean {
  return existsSync(join(folder, sweepFiles.trials));
}

export async function verifySweep(given: Arguments): Promise<void> {
  const folder = given.run;
  const count = given.threads === undefined ? 'auto' : threadCount(given.threads, true);
  const file = await openSweepOf(folder);
  const source = given.data === undefined ? {} : { source: once('data', given.data) };
  const dataset = await openDataOf(file.base.experiment, source);
  const options = { folder, file, dataset, dataSha256: datasetDigest(dataset) };
  const { results, complete, ...found } = await inspectSweep(options);
  complain(found);
  const trials = `${results.length} ${results.length === 1 ? 'trial' : 'trials'}`;
  if (given.quick) {
    out.line(`whole: ${trials}${complete ? '' : ', more are missing'}`);
    return;
  }
  if (!complete && !given.all) {
    throw new LockstepError('checkpoint', {
      where: folder,
      expected: 'a sweep that came to its end',
      got: `one with ${trials}, and more are missing`,
      hint: 'the same `train sweep` command goes on with it; --all trains those again that are there',
    });
  }
  const winner = complete ? winnerOf(file.sweep.objective, results) : undefined;
  if (await again({ given, count, options, results, winner })) {
    const which = given.all ? trials : winner ? `the winner, trial ${winner.number} of ${trials}` : trials;
    const digest = winner ? `, weights sha256 ${winner.lines[0]!.weightsSha256}` : '';
    out.line(`identical: ${which}${digest}`);
  }
}

/** Trains again what is asked for. Returns false if it was stopped. */
async function again(asked: {
  given: Arguments;
  count: number | 'auto' | 'inline';
  options: VerifyOptions;
  results: readonly TrialResult[];
  winner: TrialResult | undefined;
}): Promise<boolean> {
  const { given, count, results, winner } = asked;
  const stop = listenForStop();
  let line: ProgressLine | undefined;
  const options: VerifyOptions = {
    ...asked.options,
    signal: stop.signal,
    onTraining(trial, seed) {
      line?.stop();
      if (!given.quiet) err.line(`training trial ${trial} again, seed ${seed}`);
    },
    onEvent(event) {
      if (event.kind === 'start' && !given.quiet) line = startProgressLine(err, event.progress, event.plan);
    },
  };
  try {
    const changed = [
      given.all ? await verifyTrials(results, count, options) : [],
      winner && !stop.signal.aborted ? await verifyWinner(winner, count, options) : [],
    ];
    line?.stop();
    if (stop.signal.aborted || changed.includes(undefined)) {
      err.line(`stopped ${stop.reason()} before the end`);
      process.exitCode = stop.exitCode();
      return false;
    }
    complain({ absent: [], changed: changed.flatMap((lines) => lines ?? []) });
    return true;
  } finally {
    line?.stop();
    stop.release();
  }
}

/** Absent files are exit 4, changed ones exit 1. */
function complain({ absent, changed }: Findings): void {
  if (absent.length > 0) throw new LockstepError('checkpoint', [...absent, ...changed]);
  if (changed.length > 0) throw new LockstepError('failed', changed);
}
