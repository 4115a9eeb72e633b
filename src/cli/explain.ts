/** `train explain [experiment]`: layers, shapes, parameters, work and the memory map. */
import type { Argv, CommandModule } from 'yargs';
import { shareData, trainingCount } from '../data/split.ts';
import { refuseSingleRows } from '../engine/minibatches.ts';
import { planTraining } from '../engine/plan.ts';
import { backendOf } from '../model/backends.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import { layerTexts } from '../model/model-text.ts';
import { forwardFlops, parameterCount, planNetwork } from '../model/network.ts';
import type { Region } from '../model/regions.ts';
import { availableCores } from '../platform/cores.ts';
import { clip, out, wrap } from './console.ts';
import { sampleText, targetText } from './data-text.ts';
import { openExperiment } from './find-experiment.ts';
import { bytes, compact, grouped, table } from './format.ts';
import { openDataOf } from './open-data.ts';
import { type ExperimentArguments, experimentOptions, overridesOf } from './options.ts';

export const explainCommand: CommandModule<object, ExperimentArguments> = {
  command: 'explain [experiment]',
  describe: 'show layers, shapes, parameters and the memory map',
  builder: (yargs: Argv) => experimentOptions(yargs) as Argv<ExperimentArguments>,
  handler: explain,
};

async function explain(given: ExperimentArguments): Promise<void> {
  const { experiment, locate } = openExperiment(given.experiment ?? 'mnist', overridesOf(given));
  const dataset = await openDataOf(experiment);
  const { data } = shareData(experiment, dataset, locate);
  const network = planNetwork(experiment.model, data, locate);
  const threads = experiment.execution.threads === 'auto' ? availableCores() : experiment.execution.threads;
  const plan = planTraining(experiment, data, threads, network);
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
    ({ depth, name, kind, outputs, parameters, count, flops, notes }) => {
      const row = [`${'  '.repeat(depth)}${name}`, kind];
      if (outputs === undefined) return row;
      const shape = `(${batchSize}, ${outputs})`;
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
    `${compact(flops)}flop a sample forward, about ${compact(3 * flops * batchSize)}flop a step ` +
      '(forward, gradient of the inputs, gradient of the weights), zeros counted',
  );
  const rates = [0, Math.floor(plan.steps / 2), plan.steps - 1].map(
    (step) => `${plan.learningRate(step).toPrecision(3)} at step ${grouped(step + 1)}`,
  );
  say(`learning rate ${rates.join(', ')}`);
  out.line();

  printMemory(map, backendOf(experiment.kernels).elementBytes);
}

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
