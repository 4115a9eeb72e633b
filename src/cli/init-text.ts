/** The text of an experiment for some data: that of the shipped one, with comments for people who begin. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Document, parse } from 'yaml';
import type { Dataset } from '../data/dataset.ts';
import { namedSources } from '../experiment/data-settings.ts';
import { keysOf, type Override } from '../experiment/setting-path.ts';
import { grouped } from '../foundation/format.ts';
import { shellWord } from '../foundation/shell-word.ts';
import { wrap } from './console.ts';
import { sampleText, targetText } from './data-text.ts';
import { shipped } from './find-experiment.ts';

export interface Wanted {
  /** The data as it was named. */
  source: string;
  /** The file that is to be written. */
  file: string;
  /** The shipped experiment for such data. */
  base: string;
  dataset: Dataset;
  /** Settings of the data that were given. */
  given: readonly Override[];
  /** The way from the file to the schema. */
  schema: string;
}

/** What stands above a setting. */
const remarks: Readonly<Record<string, string>> = {
  seed: 'Names everything random. Another seed is another training; the same one gives the same bits.',
  model:
    'The layers. More units or layers learn more, and take longer; `train explain` shows shapes and sizes.',
  loss: 'What is minimised.',
  optimizer: 'How the weights are updated. If the loss jumps or grows, try a third of the learning rate.',
  schedule: 'How the learning rate changes from the first step to the last.',
  batchSize: 'Samples of a step.',
  epochs: 'Passes over the training samples.',
};

const widest = 100;

export function experimentText({ source, file, base, dataset, given, schema }: Wanted): string {
  const text = readFileSync(join(shipped, `${base}.yaml`), 'utf8');
  const blocks = text.split(/^(?=[a-z]\w*:)/im).slice(1);
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    ...comment(
      `${source}: ${sampleText(dataset)}, ${targetText(dataset)}, ` +
        `${grouped(dataset.train.count)} training and ${grouped(dataset.test.count)} test samples.`,
    ),
    ...comment(
      `Written by \`train init ${shellWord(source)}\`. Train it: \`train ${shellWord(file)}\`. ` +
        `The settings are those of experiments/${base}.yaml; change what you like.`,
    ),
    '',
  ];
  for (const block of blocks) {
    const name = /^\w+/.exec(block)![0];
    if (name === 'description' || name === 'claims' || name === 'name') continue;
    if (name === 'data') lines.push('', ...dataLines({ source, file, dataset, given }, parse(block).data));
    else {
      const remark = remarks[name];
      if (remark !== undefined) lines.push('', ...comment(remark));
      lines.push(...block.trimEnd().split('\n'));
    }
  }
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

function dataLines(
  { source, file, dataset, given }: Omit<Wanted, 'base' | 'schema'>,
  base: { validation: number },
): string[] {
  const fromFile = (path: string) =>
    relative(dirname(resolve(file)), resolve(path)).replaceAll('\\', '/') || '.';
  const isNamed = namedSources.includes(source);
  const settings = new Document(isNamed ? base : { source: fromFile(source) });
  for (const { path, value } of given) {
    const [, ...keys] = keysOf(path);
    settings.setIn(keys, keys[0] === 'test' ? fromFile(String(value)) : value);
  }
  const { targets } = dataset;
  const named = targets.kind === 'classes' ? targets.column : undefined;
  if (named !== undefined && !isNamed && !settings.has('target')) settings.set('target', named);
  const gaps = !settings.has('missing') && hasGaps(dataset);
  if (gaps) settings.set('missing', 'mean');
  if (!settings.has('validation')) settings.set('validation', base.validation);
  return [
    ...comment(
      'The data, its path from this file on. `validation` is the part of the training samples that is not ' +
        'trained on but watched: a number, or 0.1 for a tenth; 0 trains on all.',
    ),
    ...(gaps
      ? comment(
          'Cells are missing: `mean` puts the mean of the column in their place, `category` also tells the ' +
            'network that something was missing.',
        )
      : []),
    'data:',
    ...settings
      .toString({ lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

function hasGaps({ features, train, test }: Dataset): boolean {
  if (features.kind !== 'floats') return false;
  return [train, test].some((samples) =>
    (samples.features as Float64Array).some((cell) => Number.isNaN(cell)),
  );
}

const comment = (text: string) => wrap(text, widest - 2, ' ').map((line) => `# ${line}`);
