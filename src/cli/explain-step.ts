/** `train explain --sample 7 --step 1`: forward, backward and update of one sample, as lines for people. */
import type { Dataset } from '../data/dataset.ts';
import { outputNames, targetNames, targetWriter } from '../data/target-names.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { counted, grouped } from '../foundation/format.ts';
import type { ExplainedLayer, ExplainedStep } from '../training/explain-step.ts';
import { clip, type Stream, wrap } from './console.ts';
import { sampleArt } from './data-samples.ts';
import { parameterLines } from './explain-parameters.ts';
import { namedLines, numberLines, plain, short } from './number-lines.ts';

/** Columns of a line that goes into a pipe. */
const pipeWidth = 100;

/** What is told, and to whom. */
interface Told {
  experiment: Experiment;
  dataset: Dataset;
  explained: ExplainedStep;
  width: number;
  to: Stream;
}

/** Everything as lines, none wider than the terminal. */
export function stepLines(
  experiment: Experiment,
  dataset: Dataset,
  explained: ExplainedStep,
  to: Stream,
): string[] {
  const told = { experiment, dataset, explained, to, width: to.live ? to.columns() : pipeWidth };
  return [
    ...headLines(told),
    ...section(told, 'the sample', sampleSection(told)),
    ...section(told, 'forward: what each layer makes of it', forwardLines(told)),
    ...section(
      told,
      'backward: the gradient of its loss with respect to the output of each layer, the last first',
      backwardLines(told),
    ),
    ...section(
      told,
      updateTitle(told),
      explained.layers.flatMap((layer) => parameterLines(layer, told)),
    ),
  ];
}

function section({ to, width }: Told, title: string, lines: readonly string[]): string[] {
  const heads = wrap(title, width, ' ').map((line) => to.paint('bold', line));
  return ['', ...heads, ...lines];
}

function headLines({ experiment, explained, to, width }: Told): string[] {
  const { step, steps, epoch, stepOfEpoch, stepsPerEpoch, learningRate, minibatch } = explained;
  const { samples, loss } = minibatch;
  const facts =
    `step ${grouped(stepOfEpoch)} of ${grouped(stepsPerEpoch)} in epoch ${grouped(epoch)}; ` +
    `minibatch of ${counted(samples.length, 'sample')}, mean loss ${short(loss)}; ` +
    `learning rate ${plain(learningRate)}`;
  const title = `${experiment.name}: step ${grouped(step)} of ${grouped(steps)}, ${placeText(explained)}`;
  return [...wrap(title, width, ' ').map((line) => to.paint('bold', line)), ...wrap(facts, width, ' ')];
}

/** `sample 7 in row 3`, `sample 7, which it does not train on (step 12 does)` */
function placeText({ sample: { number, row, trainedIn } }: ExplainedStep): string {
  if (row !== undefined) return `sample ${grouped(number)} in row ${grouped(row)}`;
  const who = trainedIn === undefined ? 'it is held out' : `step ${grouped(trainedIn)} does`;
  return `sample ${grouped(number)}, which it does not train on (${who})`;
}

function sampleSection(told: Told): string[] {
  const { dataset, explained, width } = told;
  const { features, targets } = dataset;
  const { number, features: read, prepared, target } = explained.sample;
  const write = targetWriter(dataset);
  const asked = targetNames(dataset).map((name, t) => {
    const value = write(target[t]!, t);
    return targets.kind === 'classes' ? String(value) : `${name} ${value}`;
  });
  const cells =
    features.kind === 'bytes'
      ? []
      : features.columns.map(({ name, ...column }, c) => {
          const cell = read[c]!;
          if (Number.isNaN(cell)) return `${name} missing`;
          return `${name} ${'words' in column ? (column.words[cell] ?? 'unknown') : plain(cell)}`;
        });
  const what = targets.kind === 'classes' ? 'class' : 'target';
  return [
    ...sampleArt(dataset, number - 1).map((line) => clip(`  ${line}`, width)),
    ...(cells.length > 0 ? namedLines('as it was read', cells, width) : []),
    ...numberLines(`prepared (${prepared.length})`, prepared, width, cells.length > 0 ? 0 : inkAt(prepared)),
    ...namedLines(what, asked, width),
  ];
}

/** Where a picture begins: its corner says nothing. */
const inkAt = (pixels: Float64Array) =>
  Math.max(
    0,
    pixels.findIndex((value) => value !== 0),
  );

function forwardLines(told: Told): string[] {
  const { dataset, experiment, explained, width } = told;
  const { layers, sample } = explained;
  const { probabilities, loss, predicted } = sample;
  const names = outputNames(dataset);
  const outputs = layers.flatMap((layer) => numberLines(titleOf(layer), layer.output, width));
  const likely = [...(probabilities ?? [])].map((value, c) => `${names[c]}: ${short(value)}`);
  return [
    ...outputs,
    ...(likely.length > 0 ? namedLines('probabilities', likely, width) : []),
    ...(predicted === undefined ? [] : namedLines('predicted', [String(names[predicted])], width)),
    ...namedLines(experiment.loss.kind, [short(loss)], width),
  ];
}

function backwardLines({ explained, width }: Told): string[] {
  return [...explained.layers].reverse().flatMap((layer) => {
    if (layer.gradient) return numberLines(titleOf(layer), layer.gradient, width);
    return namedLines(titleOf(layer), ['none is needed: nothing before it learns'], width);
  });
}

/** `model[0] dense (128)`, `model[0] conv (24, 24, 6)` */
const titleOf = ({ path, kind, shape }: ExplainedLayer) => `${path} ${kind} (${shape.join(', ')})`;

function updateTitle({ experiment, explained }: Told): string {
  const { learningRate, minibatch, sample, layers } = explained;
  const { length } = minibatch.samples;
  const whose =
    length === 1
      ? 'the gradient is that of the sample'
      : `the gradient is the mean over the ${grouped(length)} samples of the minibatch`;
  const clipped = minibatch.clipped < 1 ? `, times ${short(minibatch.clipped)} because of clipNorm` : '';
  const own = layers.some(({ parameters }) => parameters.some(({ own }) => own)) && length > 1;
  const beside = !own
    ? ''
    : sample.row === undefined
      ? `; beside it that of sample ${grouped(sample.number)}, which is not among them`
      : `; beside it that of sample ${grouped(sample.number)}, which counts 1/${grouped(length)} of it`;
  return (
    `update: ${experiment.optimizer.kind}, learning rate ${plain(learningRate)}; ` +
    `${whose}${clipped}${beside}`
  );
}
