/** `train report RUN|SWEEP`: writes the page of a run or of a sweep again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { notARun } from '../run/not-a-run.ts';
import { runFiles } from '../run/run-files.ts';
import type { LoadedCommand } from './commands.ts';
import { out, warn } from './console.ts';
import { typed } from './options.ts';
import { whileReading } from './reading-line.ts';

interface Arguments {
  run: string;
}

export const reportCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs.positional('run', {
        describe: 'a folder that `train` or `train sweep` wrote',
        type: 'string',
        demandOption: true,
      }),
    ),
  async handler({ run }) {
    // Loaded late, because every command loads this file.
    const { sweepFiles } = await import('../sweep/folder.ts');
    if (existsSync(join(run, sweepFiles.trials))) {
      const { reportSweep } = await import('./sweep-report.ts');
      out.line(await reportSweep(run));
      return;
    }
    // The folder of several seeds has no page: each of them has one.
    if (existsSync(join(run, runFiles.parts))) throw notARun(run);
    const { writeReport } = await import('../report/write-report.ts');
    const { file, missing } = await whileReading((progress) => writeReport(run, undefined, progress));
    if (missing !== undefined) warnWithoutPredictions(missing);
    out.line(file);
  },
};

/** Says on stderr why the page has no predictions. */
export function warnWithoutPredictions(reason: string): void {
  warn(`the report has no predictions: ${reason}`);
}
