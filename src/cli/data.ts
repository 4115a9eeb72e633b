/** `train data PATH`: shows what is in a data set, without training. */
import type { Argv } from 'yargs';
import type { Dataset } from '../data/dataset.ts';
import { lookAt } from '../data/look.ts';
import { openDataset } from '../data/open-dataset.ts';
import { type DataSettings, listOfSources } from '../experiment/data-settings.ts';
import { readExperiment } from '../experiment/read.ts';
import { type Override, parseOverride } from '../experiment/setting-path.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { LoadedCommand } from './commands.ts';
import { err, out, warn, wrap } from './console.ts';
import { datasetFacts, type Facts } from './data-facts.ts';
import { classLines, columnLines, headLines, valueLines } from './data-lines.ts';
import { sampleLines } from './data-samples.ts';
import { openExperiment } from './find-experiment.ts';
import { typed } from './options.ts';
import { whileReading } from './reading-line.ts';

interface Arguments {
  source?: string;
  set?: string | string[];
  json?: boolean;
}

export const dataCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('source', {
          describe:
            'a table, a folder of pictures or of IDX files, an .npz file, ' +
            `${listOfSources}, or an experiment`,
          type: 'string',
        })
        .option('set', {
          describe: 'a setting of the data: --set data.target=price (again for more)',
          type: 'string',
          requiresArg: true,
        })
        .option('json', { describe: 'everything as one JSON object', type: 'boolean' }),
    ),
  handler: showData,
};

async function showData(given: Arguments): Promise<void> {
  const data = settingsOf(given);
  const { dataset, warnings } = await open(data);
  const facts = datasetFacts(dataset, warnings);
  if (given.json) {
    out.line(JSON.stringify(facts));
    return;
  }
  print(dataset, facts);
  for (const warning of warnings) warn(warning);
}

/** The settings of an experiment's data, or of a path with the settings that are given beside it. */
function settingsOf({ source, set }: Arguments): DataSettings {
  if (source === undefined) {
    throw new LockstepError('usage', {
      where: 'data',
      expected: 'the path of a data set to show',
      got: 'nothing',
      hint: 'to train on a folder that is called data, write `train --data data`',
    });
  }
  const overrides = (set === undefined ? [] : [set].flat()).map(parseOverride);
  for (const { origin, path } of overrides) {
    if (/^data[.[]/.test(path)) continue;
    throw new LockstepError('usage', {
      where: origin,
      expected: 'a setting of the data, such as data.target',
      got: path,
    });
  }
  if (/\.ya?ml$/i.test(source)) return openExperiment(source, overrides).experiment.data;
  const own: Override = { origin: 'data', path: 'data.source', value: source };
  const options = { file: 'data', name: 'data', overrides: [...overrides, own] };
  return readExperiment(anyExperiment, options).experiment.data;
}

/** Only its data is looked at. */
const anyExperiment = `
model: [{ kind: dense, units: targets }]
optimizer: sgd
batchSize: 1
epochs: 1
`;

/** Opens the data as a training would, but with missing cells: they are counted. */
async function open({
  source,
  from: _f,
  validation: _v,
  training: _t,
  monitor: _m,
  ...format
}: DataSettings): Promise<{ dataset: Dataset; warnings: string[] }> {
  const refusing = format.missing === undefined || format.missing === 'refuse';
  const missing = refusing ? 'category' : format.missing!;
  const dataset = await whileReading((progress) => openDataset(source, { ...format, missing, progress }));
  const warnings = [...(refusing ? missingWarnings(dataset) : []), ...look(dataset)];
  return { dataset, warnings };
}

/** What a training would refuse is a warning here. */
function look(dataset: Dataset): string[] {
  try {
    return lookAt(dataset);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'data') return [`no training: ${error.message}`];
    throw error;
  }
}

function missingWarnings({ features, train, test }: Dataset): string[] {
  if (features.kind !== 'floats') return [];
  let missing = 0;
  for (const { features: cells } of [train, test]) {
    for (let i = 0; i < cells.length; i++) if (Number.isNaN(cells[i]!)) missing++;
  }
  if (missing === 0) return [];
  const cells = missing === 1 ? '1 cell is' : `${missing} cells are`;
  return [`no training: ${cells} missing; say what stands for them with --set data.missing=mean`];
}

function print(dataset: Dataset, facts: Facts): void {
  out.line(out.paint('bold', facts.name));
  const columns = out.live ? out.columns() : Number.POSITIVE_INFINITY;
  for (const [name, text] of headLines(facts)) {
    for (const [index, part] of wrap(text, columns - 11).entries()) {
      out.line(`  ${out.paint('dim', (index === 0 ? name : '').padEnd(8))} ${part}`);
    }
  }
  for (const lines of [
    columnLines(facts, out),
    classLines(facts, out),
    valueLines(facts, out),
    sampleLines(dataset, out),
  ]) {
    if (lines.length === 0) continue;
    out.line();
    for (const line of lines) out.line(line);
  }
  if (facts.warnings.length > 0 && out.live && err.live) out.line();
}
