/** `train [experiment]`: trains, shows how it goes, and writes the run folder. */
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { threads } from '../crew.ts';
import { canonicalText } from '../experiment/experiment.ts';
import { availableCores } from '../foundation/cores.ts';
import { version } from '../foundation/version.ts';
import { planNetwork } from '../network.ts';
import { openDataset } from '../open-dataset.ts';
import { figuresOf, type Recorder, recordRun } from '../report/record-run.ts';
import { type RunSummary, runFiles } from '../run/run-folder.ts';
import { rowTasks } from '../step.ts';
import { type EpochEvent, train } from '../train.ts';
import { err, out, wrap } from './console.ts';
import { epochHeading, epochLine } from './epoch-table.ts';
import { openExperiment } from './find-experiment.ts';
import { duration, percent, table } from './format.ts';
import { type HeaderFacts, headerLines } from './header.ts';
import { type ExperimentArguments, experimentOptions, once, overridesOf } from './options.ts';
import { type ProgressLine, startProgressLine } from './progress-line.ts';
import { listenForStop } from './stop.ts';

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
  const folder = given.out === undefined ? undefined : once('out', given.out);
  const dataset = await openDataset(experiment.data.source);
  if (given.dryRun) {
    const shape = { inputs: dataset.height * dataset.width, classes: dataset.classes };
    planNetwork(experiment.model, shape, locate);
    out.write(canonicalText(experiment));
    return;
  }

  const chatty = !given.quiet;
  const stop = listenForStop();
  let line: ProgressLine | undefined;
  let recorder: Recorder | undefined;
  try {
    const options = { dataset, crew: threads(count), signal: stop.signal, locate };
    for await (const event of train(experiment, options)) {
      switch (event.kind) {
        case 'start': {
          // Only now is it known that the experiment fits the data: a mistake leaves no folder behind.
          recorder = await recordRun({ experiment, dataset, out: folder, threads: count, begun });
          if (!chatty) break;
          const { plan, trainingSamples } = event;
          announce({ experiment, dataset, plan, trainingSamples }, count);
          if (!given.json) out.line(`${out.live ? '\n' : ''}${out.paint('dim', epochHeading())}`);
          const length = { epochs: experiment.epochs, batchSize: plan.batchSize };
          line = startProgressLine(err, event.progress, length);
          break;
        }
        case 'epoch':
          await recorder!.epoch(event);
          line?.clear();
          if (given.json) out.line(JSON.stringify(epochObject(event)));
          else if (chatty) out.line(epochLine(event, experiment.epochs));
          break;
        case 'end': {
          line?.stop();
          const summary = await recorder!.end(event);
          const run = recorder!.folder;
          if (given.json) out.line(JSON.stringify({ event: 'end', ...summary, run }));
          else printResult(summary, run);
          if (!event.stopped) break;
          const weights = join(run, runFiles.weights);
          err.line(
            `stopped ${stop.reason()} after ${event.epochs} of ${experiment.epochs} epochs; the weights are in ${weights}`,
          );
          process.exitCode = stop.exitCode();
        }
      }
    }
  } finally {
    line?.stop();
    stop.release();
  }
}

/** Prints the header, and warns where threads would have nothing to do. */
function announce(facts: Omit<HeaderFacts, 'threads'>, count: number): void {
  const cores = availableCores();
  const threads = `${count} on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  err.line(err.paint('bold', `lockstep ${version} · ${facts.experiment.name}`));
  const width = err.live ? err.columns() - 13 : Number.POSITIVE_INFINITY;
  for (const [name, text] of headerLines({ ...facts, threads })) {
    for (const [index, part] of wrap(text, width).entries()) {
      err.line(`  ${err.paint('dim', (index === 0 ? name : '').padEnd(9))} ${part}`);
    }
  }
  const { batchSize } = facts.plan;
  const tasks = rowTasks(batchSize, count);
  if (count > tasks) {
    warn(
      `minibatches of ${batchSize} rows make ${tasks} blocks: ${count - tasks} of ${count} threads will idle`,
    );
  } else if (count > cores) {
    warn(`${count - cores} of ${count} threads will idle on ${cores} ${cores === 1 ? 'core' : 'cores'}`);
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

/** An epoch as `--json` prints it. */
function epochObject(event: EpochEvent): object {
  const { epoch, learningRate, train, validation, seconds, samplesPerSecond } = event;
  const figures = validation ? figuresOf(validation) : null;
  return { event: 'epoch', epoch, learningRate, train, validation: figures, seconds, samplesPerSecond };
}

function warn(text: string): void {
  err.line(`${err.paint('yellow', 'warning')} ${text}`);
}
