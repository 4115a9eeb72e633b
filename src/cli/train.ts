/** `train [experiment]`: trains, shows how it goes, and writes the run folder. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Argv, CommandModule } from 'yargs';
import { threads } from '../crew.ts';
import { canonicalText, fingerprint } from '../experiment/experiment.ts';
import { availableCores } from '../foundation/cores.ts';
import { planNetwork } from '../network.ts';
import { datasetDigest, openDataset } from '../open-dataset.ts';
import { startMetrics, startTiming, writeConfusion } from '../report/csv.ts';
import { createRunFolder, type RunSummary, runFiles, writeConfig, writeSummary } from '../run/run-folder.ts';
import { writeSafetensors } from '../run/safetensors.ts';
import { rowTasks } from '../step.ts';
import { type EndEvent, type EpochEvent, type StartEvent, train } from '../train.ts';
import { err, out, wrap } from './console.ts';
import { epochHeading, epochLine } from './epoch-table.ts';
import { openExperiment } from './find-experiment.ts';
import { duration, percent, table } from './format.ts';
import { headerLines } from './header.ts';
import { type ExperimentArguments, experimentOptions, once, overridesOf } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';
import { version } from './version.ts';

interface Arguments extends ExperimentArguments {
  out?: string;
  json?: boolean;
  quiet?: boolean;
  dryRun?: boolean;
}

export const trainCommand: CommandModule<object, Arguments> = {
  command: '$0 [experiment]',
  describe: 'train an experiment',
  builder: (yargs: Argv) =>
    experimentOptions(yargs)
      .option('out', {
        describe: 'folder of the run; runs/<name>-<time> otherwise',
        type: 'string',
        requiresArg: true,
        group: 'Output:',
      })
      .option('json', { describe: 'results as one JSON object a line', type: 'boolean', group: 'Output:' })
      .option('quiet', { describe: 'only the result', type: 'boolean', group: 'Output:' })
      .option('dry-run', {
        describe: 'check everything, print the resolved experiment, train nothing',
        type: 'boolean',
        group: 'Output:',
      }) as Argv<Arguments>,
  handler: runTraining,
};

async function runTraining(given: Arguments): Promise<void> {
  const begun = performance.now();
  const { experiment, locate } = openExperiment(given.experiment ?? 'mnist', overridesOf(given));
  const wanted = experiment.execution.threads;
  const count = wanted === 'auto' ? availableCores() : wanted;
  const dataset = await openDataset(experiment.data.source);
  if (given.dryRun) {
    planNetwork(
      experiment.model,
      { inputs: dataset.height * dataset.width, classes: dataset.classes },
      locate,
    );
    out.write(canonicalText(experiment));
    return;
  }

  const chatty = !given.quiet;
  const folder = await createRunFolder(
    given.out === undefined ? undefined : once('out', given.out),
    experiment.name,
    new Date(),
  );
  await writeConfig(folder, experiment);
  const metrics = await startMetrics(join(folder, runFiles.metrics));
  const timing = await startTiming(join(folder, runFiles.timing));
  const stop = listenForStop();
  let line: ProgressLine | undefined;
  let dataSha256 = '';
  try {
    for await (const event of train(experiment, {
      dataset,
      crew: threads(count),
      signal: stop.signal,
      locate,
    })) {
      switch (event.kind) {
        case 'start':
          if (chatty) announce(event, count);
          line = chatty
            ? startProgressLine(err, event.progress, {
                epochs: experiment.epochs,
                batchSize: event.plan.batchSize,
              })
            : undefined;
          // Hashing the data takes longer than starting the threads; it is done while they train.
          setImmediate(() => {
            dataSha256 = datasetDigest(dataset);
          });
          break;
        case 'epoch':
          await metrics.add(event);
          await timing.add(event);
          line?.clear();
          if (given.json) out.line(JSON.stringify(epochObject(event)));
          else if (chatty) out.line(epochLine(event, experiment.epochs));
          break;
        case 'end':
          line?.stop();
          await finish(event);
      }
    }
  } finally {
    line?.stop();
    stop.release();
  }

  function announce({ plan, trainingSamples }: StartEvent, count: number): void {
    const cores = availableCores();
    const facts = {
      experiment,
      dataset,
      plan,
      trainingSamples,
      threads: `${count} on ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    };
    err.line(err.paint('bold', `lockstep ${version} · ${experiment.name}`));
    const width = err.live ? err.columns() - 13 : Number.POSITIVE_INFINITY;
    for (const [name, text] of headerLines(facts)) {
      for (const [index, part] of wrap(text, width).entries()) {
        err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(9))} ${part}`);
      }
    }
    const tasks = rowTasks(plan.batchSize, count);
    if (count > tasks) {
      warn(
        `${count} threads share minibatches of ${plan.batchSize} rows, which make ${tasks} blocks: ${count - tasks} will idle`,
      );
    } else if (count > cores) {
      warn(
        `${count} threads on ${cores} cores: the result is the same, but more threads than cores do not help`,
      );
    }
    if (!given.json) out.line(`${out.live ? '\n' : ''}${out.paint('dim', epochHeading())}`);
  }

  async function finish(end: EndEvent): Promise<void> {
    const { test, weights, weightsSha256, stopped, epochs, steps } = end;
    const summary: RunSummary = {
      experiment: experiment.name,
      seed: experiment.seed,
      threads: count,
      epochs,
      parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
      weightsSha256,
      dataSha256: dataSha256 || datasetDigest(dataset),
      test: test
        ? {
            loss: test.loss,
            accuracy: test.accuracy,
            precision: test.precision,
            recall: test.recall,
            f1: test.f1,
          }
        : null,
      seconds: Number(((performance.now() - begun) / 1000).toFixed(3)),
      stopped,
      steps,
      fingerprint: fingerprint(experiment),
      kernels: experiment.kernels,
      lockstep: version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    };
    const metadata = {
      experiment: experiment.name,
      fingerprint: summary.fingerprint,
      weightsSha256,
      epochs: String(epochs),
      steps: String(steps),
    };
    await writeSafetensors(join(folder, runFiles.weights), { tensors: weights, metadata });
    if (test) await writeConfusion(join(folder, runFiles.confusion), test.confusion);
    await writeSummary(folder, summary);
    if (given.json) out.line(JSON.stringify({ event: 'end', ...summary, run: folder }));
    else printResult(summary, folder);
    if (stopped) {
      err.line(
        `stopped ${stop.reason()} after ${epochs} of ${experiment.epochs} epochs; the weights are in ${join(folder, runFiles.weights)}`,
      );
      process.exitCode = stop.exitCode();
    }
  }
}

function printResult({ test, weightsSha256, seconds }: RunSummary, folder: string): void {
  const rows: [string, string][] = test
    ? [
        ['test accuracy', percent(test.accuracy)],
        ['precision', `${percent(test.precision)}  (macro average)`],
        ['recall', `${percent(test.recall)}  (macro average)`],
        ['F1', `${percent(test.f1)}  (macro average)`],
        ['loss', test.loss.toFixed(4)],
      ]
    : [];
  rows.push(['weights', `sha256 ${weightsSha256}`], ['time', duration(seconds)], ['run', folder]);
  out.line();
  for (const [index, line] of table(rows, 'll').entries()) {
    out.line(index === 0 && test ? out.paint('bold', line) : line);
  }
}

function epochObject({
  epoch,
  learningRate,
  train,
  validation,
  seconds,
  samplesPerSecond,
}: EpochEvent): object {
  const { confusion: _, ...figures } = validation ?? { confusion: undefined };
  return {
    event: 'epoch',
    epoch,
    learningRate,
    train,
    validation: validation ? figures : null,
    seconds,
    samplesPerSecond,
  };
}

function warn(text: string): void {
  err.line(`${err.paint('yellow', 'warning')} ${text}`);
}
