/** `train report RUN`: writes the page of a run again. */
import type { Argv, CommandModule } from 'yargs';
import { err, out } from './console.ts';

interface Arguments {
  run: string;
}

export const reportCommand: CommandModule<object, Arguments> = {
  command: 'report <run>',
  describe: 'write report.html of a run again',
  builder: (yargs: Argv) =>
    yargs.positional('run', {
      describe: 'a folder that `train` wrote',
      type: 'string',
      demandOption: true,
    }) as unknown as Argv<Arguments>,
  async handler({ run }) {
    // Loaded only now, because every command loads this file.
    const { writeReport } = await import('../report/write-report.ts');
    const { file, missing } = await writeReport(run);
    if (missing !== undefined) warnWithoutPictures(missing);
    out.line(file);
  },
};

/** Says on stderr why the page has no pictures. */
export function warnWithoutPictures(reason: string): void {
  err.line(`${err.paint('yellow', 'warning')} the report has no pictures: ${reason}`);
}
