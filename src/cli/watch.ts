/** `train watch RUN`: shows a training or a sweep of another process in a page, while it goes on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Argv } from 'yargs';
import type { LiveServer } from '../live/server.ts';
import type { Watched } from '../live/watched.ts';
import { readParts } from '../run/parts.ts';
import { readConfig } from '../run/run-folder.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn } from './console.ts';
import { portNumber, typed } from './options.ts';
import { listenForStop } from './stop.ts';
import { isSweep } from './verify-sweep.ts';

interface Arguments {
  run: string;
  port?: string;
  quiet?: boolean;
}

/** Milliseconds between two looks at the folder. */
const interval = 1000;

export const watchCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', {
          describe: 'the folder of a run, of several seeds or folds, or of a sweep',
          type: 'string',
          demandOption: true,
        })
        .option('port', {
          describe: 'the port on this machine, by default any that is free',
          type: 'string',
          requiresArg: true,
        })
        .option('quiet', { describe: 'print the address alone', type: 'boolean' }),
    ),
  handler: watch,
};

async function watch({ run, port, quiet }: Arguments): Promise<void> {
  const wanted = port === undefined ? 0 : portNumber('port', port);
  const watched = await watchedAt(run);
  const { startLive } = await import('../live/server.ts');
  const { source, stop } = watched;
  const server = await startLive({ source, port: wanted, option: '--port', stop, trouble: warn });
  const listener = listenForStop('watching no more; what is trained goes on');
  try {
    out.line(quiet ? server.url : `live           ${out.paint('bold', server.url)}`);
    if (!quiet) err.line('open it in a browser; Ctrl-C ends the page, and not what it shows');
    await follow(watched, server, listener.signal);
  } finally {
    await server.close();
    listener.release();
  }
}

async function watchedAt(folder: string): Promise<Watched> {
  if (isSweep(folder)) {
    const { watchSweep } = await import('../live/watch-sweep.ts');
    const { openSweepOf } = await import('./open-sweep.ts');
    return watchSweep(folder, await openSweepOf(folder));
  }
  const parts = existsSync(join(folder, 'parts.json')) ? await readParts(folder) : undefined;
  if (parts) {
    const { watchParts } = await import('../live/watch-parts.ts');
    return watchParts(folder, (await readConfig(folder)).experiment, parts);
  }
  const { watchRun } = await import('../live/watch-run.ts');
  return watchRun(folder);
}

/** Looks again and again until there is a report, and shows that until it is told to stop. */
async function follow(watched: Watched, server: LiveServer, signal: AbortSignal): Promise<void> {
  let ended = false;
  while (!signal.aborted) {
    if (!ended) {
      const { changed, report } = await watched.look(server.due);
      if (changed) server.changed();
      if (report !== undefined) {
        ended = true;
        await server.end(report);
      }
    }
    await wait(interval, undefined, { signal }).catch(() => {});
  }
}
