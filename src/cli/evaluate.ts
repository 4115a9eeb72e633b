/** `train evaluate RUN`: all figures of a trained network, on its own test set or on other data. */
import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { datasetDigest } from '../data/digest.ts';
import { openTestSet, type TestSet } from '../data/open-dataset.ts';
import { type ClassMetrics, classMetrics, type Evaluation, figuresOf } from '../figures/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { openRun, type TrainedRun } from '../run/open-run.ts';
import { confusionRows, confusionTable, rightOf } from './confusion-table.ts';
import { err, out, warn } from './console.ts';
import { grouped, percent, table } from './format.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { figureRows } from './results.ts';

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
  checkFit(run, set);
  const evaluation = run.evaluate(set.samples);
  if (given.json) {
    out.line(JSON.stringify(evaluationObject(given.run, set, evaluation)));
    return;
  }
  const { confusion } = evaluation;
  out.line(out.paint('bold', `${given.run} · ${grouped(set.samples.count)} ${set.name}`));
  out.line();
  for (const [index, line] of table(figureRows('accuracy', evaluation), 'll').entries()) {
    out.line(index === 0 ? `${out.paint('bold', line)}  (${rightOf(confusion)})` : line);
  }
  const classes = classMetrics(confusion);
  printClasses(classes);
  const absent = classes.filter(({ support }) => support === 0).length;
  if (absent > 0)
    warn(`${absent} of ${classes.length} classes have no samples; they count as 0 in the averages`);
  const columns = out.live ? out.columns() : pipeColumns;
  const lines = confusionTable(confusion, columns, out.paint);
  if (lines) {
    out.line();
    out.line('rows: the class of a sample; columns: what was predicted');
    for (const line of lines) out.line(line);
  } else {
    err.line(`the confusion matrix of ${confusion.classes} classes is too wide to be shown; --json has it`);
  }
}

/** A pipe takes any width, but longer lines than this are useless. */
const pipeColumns = 200;

/** The test images of the run's own data. */
async function ownTestSet({ experiment, summary }: TrainedRun): Promise<TestSet> {
  const dataset = await openDataOf(experiment);
  const { name, height, width, test } = dataset;
  if (datasetDigest(dataset) !== summary.dataSha256) {
    warn(`${name} is no longer the data of the run`);
  }
  const shape = { height, width };
  return { name: `test samples of ${name}`, pixels: height * width, shape, samples: test };
}

async function otherSet({ experiment }: TrainedRun, source: string): Promise<TestSet> {
  const set = await openTestSet(source);
  if (set.shape) return set;
  if (resolve(set.name) === resolve(experiment.data.source)) {
    warn(
      'the run was trained on most of these samples; ' +
        'without --data it is measured on those that were held out',
    );
  }
  return { ...set, name: `samples of ${set.name}` };
}

/** Refuses images whose shape does not fit the network. */
function checkFit({ height, width, inputs, classes }: TrainedRun, { name, pixels, shape, samples }: TestSet) {
  const same = shape ? shape.height === height && shape.width === width : pixels === inputs;
  if (!same) {
    throw new LockstepError('data', {
      where: name,
      expected: `images of ${height} x ${width} pixels, as the network was trained on`,
      got: shape ? `${shape.height} x ${shape.width}` : `${pixels} pixels`,
    });
  }
  const strange = samples.labels.findIndex((label) => label >= classes);
  if (strange >= 0) {
    throw new LockstepError('data', {
      where: name,
      expected: `labels from 0 to ${classes - 1}, the classes of the network`,
      got: `${samples.labels[strange]} for sample ${grouped(strange + 1)}`,
    });
  }
}

function printClasses(classes: readonly ClassMetrics[]): void {
  const rows = classes.map(({ precision, recall, f1, support }, c) => [
    String(c),
    percent(precision),
    percent(recall),
    percent(f1),
    grouped(support),
  ]);
  out.line();
  const lines = table([['class', 'precision', 'recall', 'F1', 'samples'], ...rows], 'rrrrr');
  out.line(out.paint('dim', lines[0]!));
  for (const line of lines.slice(1)) out.line(line);
}

function evaluationObject(run: string, { name, samples }: TestSet, evaluation: Evaluation): object {
  return {
    run,
    data: name,
    samples: samples.count,
    ...figuresOf(evaluation),
    classes: classMetrics(evaluation.confusion),
    confusion: confusionRows(evaluation.confusion),
  };
}
