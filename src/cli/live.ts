/** `--live`: a page that shows a training or a sweep while it goes on. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import type { Experiment } from '../experiment/experiment.ts';
import type { LiveServer } from '../live/server.ts';
import type { LiveSource } from '../live/source.ts';
import type { TrainingBegun } from '../live/training.ts';
import { runFiles } from '../run/run-files.ts';
import type { RunSummary } from '../run/summary.ts';
import type { QueuedSweepEvent, Shard } from '../sweep/events.ts';
import type { Sweep } from '../sweep/read.ts';
import type { TrainEvent } from '../training/events.ts';
import { err, warn } from './console.ts';
import { portNumber, typed } from './options.ts';
import type { StopListener } from './stop.ts';

export interface LiveArguments {
  live?: boolean;
  livePort?: string;
}

/** Declares the options. */
export function liveOptions<T>(yargs: Argv<T>, what: string): Argv<T & LiveArguments> {
  return typed(
    yargs
      .option('live', {
        describe: `show ${what} in a page of this machine while it goes on; prints its address`,
        type: 'boolean',
        group: 'Output:',
      })
      .option('live-port', {
        describe: 'the same, on this port',
        type: 'string',
        requiresArg: true,
        group: 'Output:',
      }),
  );
}

/** What a training tells its page. */
export interface LiveView {
  /** The training begins, or the next of several. `stop` is what the button asks. */
  begin(training: TrainingBegun, stop: StopListener): void;
  /** Takes an event, before the next one is asked for. */
  show(event: TrainEvent): void;
  /** The training has ended, and its report is in this folder, if there is one. */
  ended(folder: string | undefined, summary: RunSummary | undefined): void;
}

/** Runs with a page, if one is asked for. It stays until those who watch have the report. */
export async function withLive<T>(
  given: LiveArguments,
  { experiment, several }: { experiment: Experiment; several: number | undefined },
  run: (live: LiveView | undefined) => Promise<T>,
): Promise<T> {
  if (!isWanted(given)) return run(undefined);
  // Loaded late, because most trainings have none.
  const { liveTraining } = await import('../live/training.ts');
  const source = liveTraining({ experiment }, several);
  let folder: string | undefined;
  // Those of several trainings are in a folder, which may have a report of them all.
  const places = () =>
    folder === undefined ? [] : several === undefined ? [folder] : [dirname(folder), folder];
  return served(given, source, places, async (server, stopping) =>
    run({
      begin(training, stop) {
        source.begin(training);
        stopping(stop);
        stop.signal.addEventListener('abort', source.stopping);
        server.begins();
      },
      show(event) {
        source.show(event, server.due);
        server.changed();
      },
      ended(ended, summary) {
        folder = ended ?? folder;
        source.ended(summary);
        stopping(undefined);
      },
    }),
  );
}

/** What a sweep tells its page. */
export interface LiveSweepView {
  begin(stop: StopListener): void;
  show(event: QueuedSweepEvent): void;
  judging(): void;
  /** Its report is written. */
  reported(): void;
}

export async function withLiveSweep<T>(
  given: LiveArguments,
  { sweep, shard, folder }: { sweep: Sweep; shard: Shard | undefined; folder: string },
  run: (live: LiveSweepView | undefined) => Promise<T>,
): Promise<T> {
  if (!isWanted(given)) return run(undefined);
  const { liveSweep } = await import('../live/sweep.ts');
  const source = liveSweep(sweep, shard);
  const reports: string[] = [];
  return served(
    given,
    source,
    () => reports,
    async (server, stopping) =>
      run({
        begin(stop) {
          stopping(stop);
          stop.signal.addEventListener('abort', source.stopping);
        },
        show(event) {
          source.show(event);
          server.changed();
        },
        judging: source.judging,
        reported: () => void reports.push(folder),
      }),
  );
}

const isWanted = ({ live, livePort }: LiveArguments) => live === true || livePort !== undefined;

/** Says whom the button asks from now on. */
type Stopping = (stop: StopListener | undefined) => void;

/** @param places folders that may have the report, once it has ended */
async function served<T>(
  { livePort }: LiveArguments,
  source: LiveSource,
  places: () => readonly string[],
  run: (server: LiveServer, stopping: Stopping) => Promise<T>,
): Promise<T> {
  const { startLive } = await import('../live/server.ts');
  let asked: StopListener | undefined;
  const port = livePort === undefined ? 0 : portNumber('live-port', livePort);
  const server = await startLive({
    ...{ source, port, option: '--live-port', trouble: warn },
    stop() {
      asked?.ask('by the button of the live page');
      return asked !== undefined;
    },
  });
  err.line(`live  ${err.paint('bold', server.url)}`);
  try {
    return await run(server, (stop) => {
      asked = stop;
    });
  } finally {
    asked = undefined;
    await server.end(await reportIn(places()));
    await server.close();
  }
}

/** The text of the first report that there is. */
async function reportIn(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const text = await readFile(join(folder, runFiles.report), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}
