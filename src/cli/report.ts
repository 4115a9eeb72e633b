/** `train report RUN|SWEEP`: writes the page of a run or of a sweep again; of several: their comparison. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { LockstepError } from '../foundation/errors.ts';
import type { LoadedCommand } from './commands.ts';
import { out, warn } from './console.ts';
import { once, typed } from './options.ts';
import { whileReading } from './reading-line.ts';

interface Arguments {
  run: string[];
  out?: string;
}

export const reportCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', {
          describe: 'a folder that `train` or `train sweep` wrote; several are compared',
          type: 'string',
          array: true,
          demandOption: true,
        })
        .option('out', {
          describe: 'the page that compares several runs; comparison.html otherwise',
          type: 'string',
          requiresArg: true,
        }),
    ),
  async handler(given) {
    const [run, ...others] = given.run as [string, ...string[]];
    const file = given.out === undefined ? undefined : once('out', given.out);
    if (others.length > 0) {
      // Loaded late: each kind of folder needs other files.
      const { comparisonFile, writeComparison } = await import('../report/comparison/write-comparison.ts');
      const to = file ?? comparisonFile;
      await writeComparison(given.run, to);
      out.line(to);
      return;
    }
    if (file !== undefined) {
      throw new LockstepError('usage', {
        where: '--out',
        expected: 'several runs, which one page compares',
        got: 'one',
        hint: 'the page of a run or a sweep lies in its folder',
      });
    }
    out.line(await reportOf(run));
  },
};

/** Writes the page of one folder. Returns its path. */
async function reportOf(folder: string): Promise<string> {
  const { sweepFiles } = await import('../sweep/folder.ts');
  if (existsSync(join(folder, sweepFiles.trials))) {
    const { reportSweep } = await import('./sweep-report.ts');
    return reportSweep(folder);
  }
  const { writeJoint } = await import('../report/joint/write-joint.ts');
  const joint = await writeJoint(folder);
  if (joint !== undefined) return joint;
  const { writeReport } = await import('../report/write-report.ts');
  const { file, missing } = await whileReading((progress) => writeReport(folder, undefined, progress));
  if (missing !== undefined) warnWithoutPredictions(missing);
  return file;
}

/** Says on stderr why the page has no predictions. */
export function warnWithoutPredictions(reason: string): void {
  warn(`the report has no predictions: ${reason}`);
}
