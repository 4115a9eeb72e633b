/** `train init PATH`: writes an experiment for the data at hand, with comments, ready to train. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { listOfSources } from '../experiment/data-settings.ts';
import { type Override, parseOverride } from '../experiment/setting-path.ts';
import { LockstepError } from '../foundation/errors.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { notWritten } from '../run/trouble.ts';
import { called } from './called.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn } from './console.ts';
import { asName } from './name-of-file.ts';
import { once, typed } from './options.ts';
import { whileReading } from './reading-line.ts';

interface Arguments {
  source: string;
  out?: string;
  set?: string | string[];
}

export const initCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('source', {
          describe: `a table, a folder of pictures or of IDX files, an .npz file, or one of ${listOfSources}`,
          type: 'string',
          demandOption: true,
        })
        .option('out', {
          describe: 'the new file; <name of the data>.yaml here otherwise',
          type: 'string',
          requiresArg: true,
        })
        .option('set', {
          describe: 'a setting of the data: --set data.target=price (again for more)',
          type: 'string',
          requiresArg: true,
        }),
    ),
  handler: init,
};

async function init({ source, out: file, set }: Arguments): Promise<void> {
  const path = file === undefined ? `${nameOfData(source)}.yaml` : once('out', file);
  if (!/\.ya?ml$/.test(path)) {
    throw new LockstepError('usage', { where: '--out', expected: 'a name that ends in .yaml', got: path });
  }
  const given = (set === undefined ? [] : [set].flat()).map(parseOverride);
  for (const { origin, path } of given) {
    if (/^data[.[]/.test(path) && path !== 'data.source') continue;
    throw new LockstepError('usage', {
      where: origin,
      expected: 'a setting of the data, such as data.target',
      got: path,
      hint: 'all others are to be changed in the file',
    });
  }
  if (existsSync(path)) throw thereAlready(path);
  // Loaded late, because every command loads this file.
  const { lookAt } = await import('../data/look.ts');
  const { chooseExperiment } = await import('./choose-experiment.ts');
  const { experimentText } = await import('./init-text.ts');
  const { schemaPath } = await import('./schema-path.ts');
  const data: Override[] = [...given, { origin: 'init', path: 'data.source', value: source }];
  // Missing cells are no reason to write nothing: the file says what stands for them.
  const gaps = given.some(({ path }) => path === 'data.missing')
    ? []
    : [{ origin: 'init', path: 'data.missing', value: 'mean' }];
  const { dataset, base } = await whileReading((progress) =>
    chooseExperiment(undefined, [...data, ...gaps], { progress }),
  );
  for (const warning of lookAt(dataset)) warn(warning);
  const text = experimentText({ source, file: path, base, dataset, given, schema: schemaPath(path) });
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? thereAlready(path) : notWritten(path, error);
  });
  out.line(path);
  err.line(`train it: ${called} ${shellWord(path)}`);
}

function thereAlready(path: string): LockstepError {
  return new LockstepError('usage', {
    where: path,
    expected: 'a new file',
    got: 'one that is there already',
    hint: 'choose another with --out',
  });
}

/** `iris` of `data/iris.csv.gz`. */
function nameOfData(source: string): string {
  const last = source
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1)!;
  return asName(last.replace(/(?<=.)\.[a-z0-9]+(\.gz)?$/i, '')) || 'experiment';
}
