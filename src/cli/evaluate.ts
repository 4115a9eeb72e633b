/** `train evaluate RUN`: all figures of a trained network, on its own test set or on other data. */
import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { datasetDigest } from '../data/digest.ts';
import { type GivenSamples, openSamples, testSamplesOf } from '../data/open-samples.ts';
import {
  type ClassMetrics,
  type Confusion,
  classMetrics,
  mostDenseClasses,
} from '../foundation/confusion.ts';
import { openRun, type TrainedRun } from '../run/open-run.ts';
import type { TestFigures } from '../run/run-folder.ts';
import { type Evaluation, figuresOf } from '../training/evaluation.ts';
import { confusionRows, confusionTable, rightOf } from './confusion-table.ts';
import { err, out, warn } from './console.ts';
import { grouped, percent, table } from './format.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { columnRows, figureRows, printTable } from './results.ts';

interface Arguments {
  run: string;
  data?: string;
  json?: boolean;
}

export const evaluateCommand: CommandModule<object, Arguments> = {
  command: 'evaluate <run>',
  describe: 'measure a trained network on its test set, or on other data',
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('data', {
          describe: 'a folder of IDX files (its test images), or a CSV file (every sample)',
          type: 'string',
          requiresArg: true,
        })
        .option('json', {
          describe: 'the figures as one JSON object',
          type: 'boolean',
        }),
    ),
  handler: evaluate,
};

async function evaluate(given: Arguments): Promise<void> {
  const run = await openRun(given.run);
  const set =
    given.data === undefined ? await ownTestSet(run) : await otherSet(run, once('data', given.data));
  const evaluation = run.evaluate(set.samples, set.features);
  if (given.json) {
    out.line(JSON.stringify(evaluationObject(given.run, set, evaluation)));
    return;
  }
  const { confusion } = evaluation;
  out.line(out.paint('bold', `${given.run} · ${grouped(set.samples.count)} ${set.name}`));
  out.line();
  for (const [index, line] of table(figureRows('', testFigures(evaluation)), 'll').entries()) {
    out.line(index > 0 ? line : `${out.paint('bold', line)}${confusion ? `  (${rightOf(confusion)})` : ''}`);
  }
  const columns = columnRows(evaluation);
  if (columns.length > 0) {
    out.line();
    printTable(columns, `l${'r'.repeat(columns[0]!.length - 1)}`);
  }
  if (confusion) printClasses(run, confusion);
}

function printClasses({ signature: { targets } }: TrainedRun, confusion: Confusion): void {
  const names = targets.kind === 'classes' ? targets.names : undefined;
  const classes = classMetrics(confusion);
  const named = classes.map((metrics, c) => ({ name: names?.[c] ?? String(c), metrics }));
  const shown = classes.length > mostDenseClasses ? worstOf(named) : named;
  out.line();
  if (shown.length < named.length)
    out.line(`the ${shown.length} classes of the lowest F1, of ${named.length}`);
  printTable(
    [
      ['class', 'precision', 'recall', 'F1', 'samples'],
      ...shown.map(({ name, metrics }) => classRow(name, metrics)),
    ],
    'rrrrr',
  );
  const absent = classes.filter(({ support }) => support === 0).length;
  if (absent > 0) warn(`${absent} of ${classes.length} classes have no samples here`);
  const lines = confusionTable(confusion, out.live ? out.columns() : pipeColumns, out.paint, names);
  if (lines) {
    out.line();
    out.line('rows: the class of a sample; columns: what was predicted');
    for (const line of lines) out.line(line);
  } else {
    err.line(`the confusion matrix of ${confusion.classes} classes is too wide to be shown; --json has it`);
  }
}

/** Classes that are shown if there are more than a screen can hold. */
const mostShown = 20;

interface NamedClass {
  name: string;
  metrics: ClassMetrics;
}

/** Those of the lowest F1, of the classes that occur. */
function worstOf(classes: readonly NamedClass[]): NamedClass[] {
  return classes
    .filter(({ metrics }) => metrics.support > 0)
    .sort((a, b) => a.metrics.f1 - b.metrics.f1 || b.metrics.support - a.metrics.support)
    .slice(0, mostShown);
}

function classRow(name: string, { precision, recall, f1, support }: ClassMetrics): string[] {
  return [name, percent(precision), percent(recall), percent(f1), grouped(support)];
}

/** The figures as summary.json has them. */
function testFigures(evaluation: Evaluation): TestFigures {
  const { columns } = evaluation;
  return { ...figuresOf(evaluation), ...(columns ? { columns } : {}) };
}

/** A pipe takes any width, but longer lines than this are useless. */
const pipeColumns = 200;

/** The test samples of the run's own data. */
async function ownTestSet({ experiment, summary }: TrainedRun): Promise<GivenSamples> {
  const dataset = await openDataOf(experiment);
  if (datasetDigest(dataset) !== summary.dataSha256) {
    warn(`${dataset.name} is no longer the data of the run`);
  }
  return testSamplesOf(dataset);
}

async function otherSet({ experiment, signature }: TrainedRun, source: string): Promise<GivenSamples> {
  const set = await openSamples(source, signature, experiment.data, 'test');
  for (const note of set.notes) err.line(note);
  if (!set.everySample) return set;
  if (resolve(set.name) === resolve(experiment.data.source)) {
    warn(
      'the run was trained on most of these samples; ' +
        'without --data it is measured on those that were held out',
    );
  }
  return { ...set, name: `samples of ${set.name}` };
}

function evaluationObject(run: string, { name, samples }: GivenSamples, evaluation: Evaluation): object {
  return {
    run,
    data: name,
    samples: samples.count,
    ...testFigures(evaluation),
    ...(evaluation.confusion
      ? { classes: classMetrics(evaluation.confusion), confusion: confusionRows(evaluation.confusion) }
      : {}),
  };
}
