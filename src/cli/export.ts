/** `train export RUN --format F --out FILE`: a trained network as a file that other programs read. */
import type { Argv } from 'yargs';
import type { ExportFormatName } from '../export/formats.ts';
import { LockstepError, nearest } from '../foundation/errors.ts';
import type { LoadedCommand } from './commands.ts';
import { out, warn } from './console.ts';
import { grouped, table } from './format.ts';
import { once, typed } from './options.ts';

interface Arguments {
  run: string;
  format: string;
  out: string;
  json?: boolean;
}

export const exportCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('format', {
          describe: 'onnx, js: the whole network; html: a page to try it; safetensors, npz: its weights',
          type: 'string',
          requiresArg: true,
          demandOption: true,
        })
        .option('out', {
          describe: 'the file; an earlier export of the same format is replaced',
          type: 'string',
          requiresArg: true,
          demandOption: true,
        })
        .option('json', { describe: 'what was written as one JSON object', type: 'boolean' }),
    ),
  handler: exportRun,
};

async function exportRun(given: Arguments): Promise<void> {
  // Loaded late, because every command loads this file.
  const { exportFormatNames } = await import('../export/formats.ts');
  const { readExported } = await import('../export/exported.ts');
  const { checkPlace, writeExport } = await import('../export/write-export.ts');
  const format = formatOf(once('format', given.format), exportFormatNames);
  const file = once('out', given.out);
  await checkPlace(file, format);
  const exported = await readExported(given.run);
  for (const doubt of exported.doubts) warn(doubt);
  const { files, losses } = await writeExport(exported, format, file);
  for (const loss of losses) warn(loss);
  const { weightsSha256, checkpoint } = exported;
  if (given.json) {
    out.line(JSON.stringify({ run: given.run, format, files, checkpoint, weightsSha256 }));
    return;
  }
  const rows = [
    ...files.map(({ path, bytes }) => ['exported', `${path}, ${grouped(bytes)} bytes`]),
    ['weights', `sha256 ${weightsSha256}`],
    ['from', checkpoint],
  ];
  for (const line of table(rows, 'll')) out.line(line);
}

function formatOf(name: string, known: readonly ExportFormatName[]): ExportFormatName {
  const found = known.find((one) => one === name);
  if (found) return found;
  const near = nearest(name, known);
  throw new LockstepError('usage', {
    where: '--format',
    expected: known.join(', '),
    got: JSON.stringify(name),
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}
