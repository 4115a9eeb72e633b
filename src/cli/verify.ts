/** `train verify RUN`: runs a training again and compares every bit of its result. */
import type { Argv, CommandModule } from 'yargs';
import { datasetDigest } from '../data/digest.ts';
import { LockstepError } from '../foundation/errors.ts';
import { inline } from '../parallel/inline.ts';
import { threads } from '../parallel/threads.ts';
import { metricsText } from '../run/csv.ts';
import { recorded } from '../run/record-run.ts';
import { readRun } from '../run/run-folder.ts';
import type { EndEvent, EpochEvent } from '../training/events.ts';
import { train } from '../training/train.ts';
import { err, out } from './console.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';

interface Arguments {
  run: string;
  threads?: string;
  data?: string;
  quiet?: boolean;
}

export const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify <run>',
  describe: 'train a run again and compare every bit',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('threads', {
          describe: 'worker threads, `auto`, or `inline`',
          type: 'string',
          requiresArg: true,
        })
        .option('data', {
          describe: 'where the data lies now, if not where it was',
          type: 'string',
          requiresArg: true,
        })
        .option('quiet', { describe: 'only the verdict', type: 'boolean' }),
    ),
  handler: verify,
};

async function verify(given: Arguments): Promise<void> {
  const { experiment, summary, metrics } = await readRun(given.run);
  if (summary.stopped) {
    throw new LockstepError('checkpoint', {
      where: given.run,
      expected: 'a run that was trained to its end',
      got: `one that was stopped after ${summary.steps} steps`,
    });
  }
  const dataset = await openDataOf(
    experiment,
    given.data === undefined ? {} : { source: once('data', given.data) },
  );
  const dataSha256 = datasetDigest(dataset);
  if (dataSha256 !== summary.dataSha256) {
    throw new LockstepError('data', {
      where: dataset.name,
      expected: `the data of the run, sha256 ${summary.dataSha256}`,
      got: `sha256 ${dataSha256}`,
      hint: 'name the same data with --data',
    });
  }

  const executor = executorOf(given.threads === undefined ? 'auto' : once('threads', given.threads));
  const before = metrics.trimEnd().split('\n');
  const stop = listenForStop();
  const epochs: EpochEvent[] = [];
  let end: EndEvent | undefined;
  let line: ProgressLine | undefined;
  try {
    for await (const event of train(experiment, { dataset, executor, signal: stop.signal })) {
      if (event.kind === 'start') {
        if (given.quiet) continue;
        err.line(`training ${given.run} again on ${executor.name} (it was trained on ${summary.threads})`);
        line = startProgressLine(err, event.progress, event.plan);
      } else if (event.kind === 'epoch') {
        epochs.push(event);
        // The first line is the header.
        const now = metricsText(dataset.targets.kind, [recorded(event)])
          .trimEnd()
          .split('\n')[1];
        const then = before[epochs.length];
        if (now !== then) {
          line?.stop();
          throw differs(given.run, event.epoch, then ?? 'nothing', now!);
        }
      } else if (event.kind === 'end') {
        end = event;
      }
    }
  } finally {
    line?.stop();
    stop.release();
  }

  if (!end || end.stopped) {
    err.line(`stopped ${stop.reason()} before the end; ${epochs.length} epochs were identical`);
    process.exitCode = stop.exitCode();
    return;
  }
  if (end.weightsSha256 !== summary.weightsSha256) {
    throw new LockstepError(
      'failed',
      `${given.run}: the figures of all ${epochs.length} epochs are the same, but the weights differ: ` +
        `expected sha256 ${summary.weightsSha256}, got ${end.weightsSha256}`,
    );
  }
  const count = epochs.length;
  out.line(`identical: ${count} ${count === 1 ? 'epoch' : 'epochs'}, weights sha256 ${end.weightsSha256}`);
}

function differs(run: string, epoch: number, expected: string, got: string): LockstepError {
  return new LockstepError('failed', {
    where: `${run}: epoch ${epoch} differs`,
    expected,
    got,
  });
}

function executorOf(text: string) {
  if (text === 'inline') return inline();
  if (text === 'auto') return threads('auto');
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new LockstepError('usage', {
      where: '--threads',
      expected: 'an integer at least 1, `auto`, or `inline`',
      got: JSON.stringify(text),
    });
  }
  return threads(Number(text));
}
