/**
 * `train explain [experiment]`: layers, shapes, parameters, work and the memory map; or with `--sample` or
 * `--step`, all numbers of one step.
 */
import type { Argv } from 'yargs';
import type { Dataset } from '../data/dataset.ts';
import { shareData, trainingCount } from '../data/split.ts';
import { refuseSingleRows } from '../engine/minibatches.ts';
import { planTraining } from '../engine/plan.ts';
import { refuseUnshared } from '../engine/unshared.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import { backendOf } from '../model/backends.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import { layerTexts } from '../model/model-text.ts';
import { forwardFlops, type Locate, parameterCount, planNetwork } from '../model/network.ts';
import type { Region } from '../model/regions.ts';
import { availableCores } from '../platform/cores.ts';
import { explainStep } from '../training/explain-step.ts';
import type { LoadedCommand } from './commands.ts';
import { clip, err, out, wrap } from './console.ts';
import { sampleText, targetText } from './data-text.ts';
import { rankLines } from './explain-ranks.ts';
import { stepLines } from './explain-step.ts';
import { openExperiment } from './find-experiment.ts';
import { bytes, flopsText, grouped, table } from './format.ts';
import { openDataOf } from './open-data.ts';
import { type ExperimentArguments, experimentOptions, overridesOf, typed, wholeNumber } from './options.ts';
import { startStatusLine } from './status-line.ts';

interface Arguments extends ExperimentArguments {
  ranks?: string;
  sample?: string;
  step?: string;
  json?: boolean;
}

export const explainCommand: LoadedCommand<Arguments> = {
  builder: (yargs: Argv) =>
    typed<Arguments>(
      experimentOptions(yargs)
        .option('sample', {
          describe: 'one step with all its numbers, for this training sample, counted from 1',
          type: 'string',
          requiresArg: true,
        })
        .option('step', {
          describe: 'which step, from 1; by default the first that trains on the sample',
          type: 'string',
          requiresArg: true,
        })
        .option('ranks', {
          describe: 'so many ranks share each minibatch: what they tell each other in a step',
          type: 'string',
          requiresArg: true,
        })
        .option('json', { describe: 'the numbers of the step in full, as one JSON object', type: 'boolean' }),
    ),
  handler: explain,
};

async function explain(given: Arguments): Promise<void> {
  const [sample, step] = (['sample', 'step'] as const).map((name) =>
    given[name] === undefined ? undefined : wholeNumber(name, given[name]),
  );
  const ranks = given.ranks === undefined ? 1 : wholeNumber('ranks', given.ranks);
  const { experiment, locate } = openExperiment(given.experiment ?? 'mnist', overridesOf(given));
  const dataset = await openDataOf(experiment);
  if (sample !== undefined || step !== undefined) {
    await printStep(experiment, dataset, { sample, step, locate }, given.json === true);
    return;
  }
  if (given.json) {
    throw new LockstepError('usage', {
      where: '--json',
      expected: 'a step to show the numbers of',
      got: 'none',
      hint: 'name it with --sample, --step, or both',
    });
  }
  const { data } = shareData(experiment, dataset, locate);
  const network = planNetwork(experiment.model, data, locate);
  const threads = experiment.execution.threads === 'auto' ? availableCores() : experiment.execution.threads;
  refuseUnshared(network, experiment, trainingCount(data), { count: ranks }, locate);
  const plan = planTraining(experiment, data, threads, network, ranks);
  refuseSingleRows(network, experiment, trainingCount(data), locate);
  const { batchSize, map } = plan;

  const width = out.live ? out.columns() : Number.POSITIVE_INFINITY;
  const say = (text: string) => {
    for (const line of wrap(text, width, ' ')) out.line(line);
  };
  for (const line of wrap(`${experiment.name}: ${experiment.description || 'an experiment'}`, width, ' ')) {
    out.line(out.paint('bold', line));
  }
  out.line();
  say(
    `${sampleText(dataset)}, ${targetText(dataset)}; ` +
      `minibatches of ${batchSize} rows, ` +
      `${grouped(plan.stepsPerEpoch)} steps an epoch, ${grouped(plan.steps)} in all`,
  );
  out.line();

  const layers = layerTexts(experiment.model, network).map(
    ({ depth, name, kind, outputs, sizes, parameters, count, flops, notes }) => {
      const row = [`${'  '.repeat(depth)}${name}`, kind];
      if (outputs === undefined) return row;
      const shape = `(${batchSize}, ${sizes})`;
      return [...row, shape, parameters || '-', grouped(count), grouped(flops), notes.join(', ')];
    },
  );
  const heading = ['layer', 'kind', 'output', 'parameters', 'count', 'flops', ''];
  const complete = table([heading, ...layers], 'llllrrl');
  // If the terminal is narrow, the notes at the end are left out.
  const fits = complete.every((line) => line.length < width);
  const withoutNotes = [heading, ...layers].map((row) => row.slice(0, 6));
  const [first, ...lines] = fits ? complete : table(withoutNotes, 'llllrr');
  out.line(out.paint('dim', clip(first!, width)));
  for (const line of lines) out.line(clip(line, width));

  const flops = forwardFlops(network);
  out.line(`\n${grouped(parameterCount(network))} parameters`);
  say(
    `${flopsText(flops)} a sample forward, about ${flopsText(3 * flops * batchSize)} a step ` +
      '(forward, gradient of the inputs, gradient of the weights), zeros counted',
  );
  const rates = [0, Math.floor(plan.steps / 2), plan.steps - 1].map(
    (step) => `${plan.learningRate(step).toPrecision(3)} at step ${grouped(step + 1)}`,
  );
  say(`learning rate ${rates.join(', ')}`);
  out.line();

  const { elementBytes } = backendOf(experiment.kernels);
  if (ranks > 1) {
    for (const line of rankLines(network, map, batchSize, elementBytes)) say(line);
    out.line();
  }
  printMemory(map, elementBytes);
}

/** What is asked for of a step. */
interface Asked {
  sample: number | undefined;
  step: number | undefined;
  locate: Locate;
}

async function printStep(
  experiment: Experiment,
  dataset: Dataset,
  { sample, step, locate }: Asked,
  json: boolean,
): Promise<void> {
  const line = startStatusLine(err);
  const explained = await explainStep(experiment, dataset, {
    ...(sample === undefined ? {} : { sample }),
    ...(step === undefined ? {} : { step }),
    locate: (path) => (path === 'sample' || path === 'step' ? `--${path}` : locate(path)),
    onProgress: (done, of) => line.show(`training: ${grouped(done)} of ${grouped(of)} steps`),
  });
  line.clear();
  if (json) out.line(JSON.stringify(explained, plainArrays));
  else for (const text of stepLines(experiment, dataset, explained, out)) out.line(text);
}

const plainArrays = (_: string, value: unknown) =>
  ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;

function printMemory({ regions, elements }: MemoryMap, size: number): void {
  out.line(out.paint('bold', `memory: ${bytes(elements * size)} shared by all threads`));
  const rows: string[][] = [];
  for (const slab of new Set(regions.map((region) => region.slab))) {
    const of = regions.filter((region) => region.slab === slab);
    rows.push([slab, '', '', bytes(of.reduce((sum, region) => sum + region.size, 0) * size)]);
    for (const { name, shape, offset, size: count } of ofFirstThread(of)) {
      rows.push([
        `  ${name}`,
        shape,
        `0x${(offset * size).toString(16).padStart(8, '0')}`,
        bytes(count * size),
      ]);
    }
  }
  for (const line of table(rows, 'lllr')) out.line(line);
}

/** The regions of the first thread only, which stand for those of all threads. */
function ofFirstThread(regions: readonly Region[]): readonly Region[] {
  return regions.filter(({ slab, name }) => slab !== 'threads' || name.startsWith('thread 0 '));
}
