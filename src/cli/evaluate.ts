/** `train evaluate RUN`: all figures of a trained network, on its own test set or on other data. */
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { datasetDigest } from '../data/digest.ts';
import { type GivenSamples, openSamples } from '../data/open-samples.ts';
import { inWordsOf } from '../data/preparation.ts';
import { testSamplesOf } from '../data/reader.ts';
import { classMetrics, pairsOf } from '../foundation/confusion.ts';
import { LockstepError } from '../foundation/errors.ts';
import { namedClasses } from '../report/worst-classes.ts';
import { openRun, type TrainedRun } from '../run/open-run.ts';
import type { TestFigures } from '../run/summary.ts';
import { type Evaluation, figuresOf } from '../training/evaluation.ts';
import { type Importance, permutationImportance } from '../training/importance.ts';
import { type RankingFigures, rankingFigures } from '../training/ranking-figures.ts';
import { printClasses } from './class-figures.ts';
import type { LoadedCommand } from './commands.ts';
import { confusionRows, rightOf } from './confusion-table.ts';
import { err, out, warn } from './console.ts';
import { grouped, table } from './format.ts';
import { printImportance } from './importance-table.ts';
import { openDataOf } from './open-data.ts';
import { once, typed } from './options.ts';
import { whileReading } from './reading-line.ts';
import { figureRow, figureRows, printColumns } from './results.ts';
import { startStatusLine } from './status-line.ts';

interface Arguments {
  run: string;
  data?: string;
  importance?: boolean;
  json?: boolean;
}

export const evaluateCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      yargs
        .positional('run', { describe: 'a folder that `train` wrote', type: 'string', demandOption: true })
        .option('data', {
          describe: 'other data: the test samples of a folder, or every row of a file',
          type: 'string',
          requiresArg: true,
        })
        .option('importance', {
          describe: 'of a table: how much worse it gets if a column is permuted',
          type: 'boolean',
        })
        .option('json', {
          describe: 'the figures as one JSON object',
          type: 'boolean',
        }),
    ),
  handler: evaluate,
};

/** All that is measured. */
interface Measured {
  evaluation: Evaluation;
  ranking: RankingFigures | undefined;
  importance: Importance | undefined;
}

async function evaluate(given: Arguments): Promise<void> {
  const line = startStatusLine(err);
  let doing = 'evaluating';
  const onProgress = (done: number, of: number) =>
    line.show(`${doing}: ${grouped(done)} of ${grouped(of)} samples`);
  const run = await openRun(given.run, { onProgress });
  for (const doubt of run.doubts) warn(doubt);
  if (given.importance) requireTable(run);
  const set =
    given.data === undefined ? await ownTestSet(run) : await otherSet(run, once('data', given.data));
  const { features } = run.signature;
  const samples = { ...set.samples, features: inWordsOf(features, set.features, set.samples.features) };
  const measured: Measured = {
    evaluation: run.evaluate(samples),
    ranking: rankingFigures(run, samples),
    importance: given.importance
      ? permutationImportance(run, samples, {
          progress(column, of) {
            doing = `permuting column ${column + 1} of ${of}`;
          },
        })
      : undefined,
  };
  line.clear();
  if (measured.ranking?.tooMany) {
    warn('ROC AUC is left out: there are too many probabilities to be ordered in memory');
  }
  if (given.json) out.line(JSON.stringify(evaluationObject(given.run, run, set, measured)));
  else print(given.run, run, set, measured);
}

function requireTable({ signature: { features } }: TrainedRun): void {
  if (features.kind === 'floats') return;
  throw new LockstepError('usage', {
    where: '--importance',
    expected: 'a network that reads the columns of a table',
    got: 'one that reads pictures',
  });
}

function print(
  folder: string,
  { signature: { targets } }: TrainedRun,
  set: GivenSamples,
  { evaluation, ranking, importance }: Measured,
): void {
  const { confusion } = evaluation;
  out.line(out.paint('bold', `${folder} · ${grouped(set.samples.count)} ${set.name}`));
  out.line();
  const rows = [
    ...figureRows('', testFigures(evaluation, undefined), { task: targets.kind }),
    ...Object.entries(ranking?.figures ?? {}).map(([name, value]) => figureRow(name, value)),
  ];
  for (const [index, line] of table(rows, 'll').entries()) {
    out.line(index > 0 ? line : `${out.paint('bold', line)}${confusion ? `  (${rightOf(confusion)})` : ''}`);
  }
  printColumns(testFigures(evaluation, ranking));
  if (confusion) printClasses(confusion, targets.kind === 'classes' ? targets.names : undefined);
  if (importance) printImportance(importance);
}

/** The figures as summary.json has them, and those of the probabilities. */
function testFigures(evaluation: Evaluation, ranking: RankingFigures | undefined): TestFigures {
  const columns = Object.entries(evaluation.columns ?? {}).map(
    ([name, figures]) => [name, { ...figures, ...ranking?.columns?.[name] }] as const,
  );
  return {
    ...figuresOf(evaluation),
    ...ranking?.figures,
    ...(columns.length > 0 ? { columns: Object.fromEntries(columns) } : {}),
  };
}

/** The test samples of the run's own data. */
async function ownTestSet({ experiment, dataSha256 }: TrainedRun): Promise<GivenSamples> {
  const dataset = await openDataOf(experiment);
  if (dataSha256 !== undefined && datasetDigest(dataset) !== dataSha256) {
    warn(`${dataset.name} is no longer the data of the run`);
  }
  return testSamplesOf(dataset);
}

async function otherSet({ experiment, signature }: TrainedRun, source: string): Promise<GivenSamples> {
  const set = await whileReading((progress) =>
    openSamples(source, signature, experiment.data, 'test', progress),
  );
  for (const note of set.notes) err.line(note);
  if (set.everySample && resolve(source) === resolve(experiment.data.source)) {
    warn(
      'the run was trained on most of these samples; ' +
        'without --data it is measured on those that were held out',
    );
  }
  return set;
}

function evaluationObject(
  folder: string,
  { signature: { targets } }: TrainedRun,
  { name, samples }: GivenSamples,
  { evaluation, ranking, importance }: Measured,
): object {
  const { confusion } = evaluation;
  const names = targets.kind === 'classes' ? targets.names : undefined;
  return {
    run: folder,
    data: name,
    samples: samples.count,
    ...testFigures(evaluation, ranking),
    ...(confusion
      ? {
          classes: namedClasses(classMetrics(confusion), names),
          // Of more than 256 classes, the pairs that occur, as confusion.csv has them.
          confusion: confusionRows(confusion) ?? pairsOf(confusion),
        }
      : {}),
    ...(importance ? { importance } : {}),
  };
}
