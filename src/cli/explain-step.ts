/** `train explain --sample 7 --step 1`: forward, backward and update of one sample, as lines for people. */
import type { Dataset } from '../data/dataset.ts';
import { outputNames, targetNames, targetWriter } from '../data/target-names.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { counted, grouped } from '../foundation/format.ts';
import type { ExplainedLayer, ExplainedParameter, ExplainedStep } from '../training/explain-step.ts';
import { clip, type Stream, wrap } from './console.ts';
import { sampleArt } from './data-samples.ts';
import { table } from './format.ts';

/** Columns of a line that nobody sees in a terminal. */
const usualWidth = 100;
/** Lines of a row of numbers; more are cut. */
const mostLines = 2;
/** Numbers of a parameter that are shown one by one. */
const mostEntries = 8;

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
  const told = { experiment, dataset, explained, to, width: to.live ? to.columns() : usualWidth };
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
      explained.layers.flatMap((layer) => parameterLines(told, layer)),
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
  const asked = targetNames(dataset).map((name, t) => `${name} ${write(target[t]!, t)}`);
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
    ...(cells.length > 0 ? listLines('as it was read', cells, width) : []),
    ...numberLines(`as the network reads it (${prepared.length})`, inked(prepared, cells), width),
    ...listLines(what, asked, width),
  ];
}

/** Of a picture, those from the first that is not empty on: the corner says nothing. */
function inked(numbers: Float64Array, cells: readonly string[]): { numbers: Float64Array; skipped: number } {
  const skipped =
    cells.length > 0
      ? 0
      : Math.max(
          0,
          numbers.findIndex((value) => value !== 0),
        );
  return { numbers: numbers.subarray(skipped), skipped };
}

function forwardLines(told: Told): string[] {
  const { dataset, experiment, explained, width } = told;
  const { layers, sample } = explained;
  const { probabilities, loss, predicted } = sample;
  const names = outputNames(dataset);
  const outputs = layers.flatMap((layer) => numberLines(titleOf(layer), layer.output, width));
  const likely = [...(probabilities ?? [])].map((value, c) => `${names[c]} ${short(value)}`);
  return [
    ...outputs,
    ...(likely.length > 0 ? listLines('probabilities', likely, width) : []),
    ...(predicted === undefined ? [] : listLines('predicted', [String(names[predicted])], width)),
    ...listLines(experiment.loss.kind, [short(loss)], width),
  ];
}

function backwardLines({ explained, width }: Told): string[] {
  return [...explained.layers].reverse().flatMap((layer) => {
    if (layer.gradient) return numberLines(titleOf(layer), layer.gradient, width);
    return listLines(titleOf(layer), ['none is needed: nothing before it learns'], width);
  });
}

/** `model[0] dense (128)` */
const titleOf = ({ path, kind, output }: ExplainedLayer) => `${path} ${kind} (${output.length})`;

function updateTitle({ experiment, explained }: Told): string {
  const { learningRate, minibatch, sample, layers } = explained;
  const { length } = minibatch.samples;
  const whose =
    length === 1 ? 'of the sample' : `the mean over the ${grouped(length)} samples of the minibatch`;
  const clipped = minibatch.clipped < 1 ? `, times ${short(minibatch.clipped)} because of clipNorm` : '';
  const own = layers.some(({ parameters }) => parameters.some(({ own }) => own)) && length > 1;
  const beside = !own
    ? ''
    : sample.row === undefined
      ? `; beside it that of sample ${grouped(sample.number)}, which is not in it`
      : `; beside it that of sample ${grouped(sample.number)} alone, which has a share of 1/${grouped(length)} in it`;
  return (
    `update: ${experiment.optimizer.kind}, learning rate ${plain(learningRate)}; ` +
    `gradient ${whose}${clipped}${beside}`
  );
}

function parameterLines(told: Told, { path, kind, frozen, parameters }: ExplainedLayer): string[] {
  const { to, width } = told;
  return parameters.flatMap((parameter) => {
    const { name, shape, gradient, before } = parameter;
    const norm = gradient ? `, gradient of norm ${short(normOf(gradient))}` : frozen ? ', frozen' : '';
    const head = `${path} ${kind}: ${name} (${shape.join(', ')}), ${counted(before.length, 'number')}${norm}`;
    return [
      '',
      ...wrap(head, width, ' '),
      ...entryLines(told, parameter).map((line, i) => {
        const text = clip(`  ${line}`, width);
        return i === 0 ? to.paint('dim', text) : text;
      }),
    ];
  });
}

/** A table: entries down, what became of them across. */
function entryLines({ explained, width }: Told, parameter: ExplainedParameter): string[] {
  const { shape, before, gradient, own, after, slots } = parameter;
  const columns: { head: string; numbers: ArrayLike<number> }[] = [{ head: 'before', numbers: before }];
  if (gradient) columns.push({ head: 'gradient', numbers: gradient });
  if (own && explained.minibatch.samples.length > 1) {
    columns.push({ head: `sample ${explained.sample.number}`, numbers: own });
  }
  const last = { head: 'after', numbers: after };
  const remembered = slots.map(({ name, after }) => ({ head: name, numbers: after }));
  const places = entriesOf(parameter);
  const draw = (all: typeof columns) =>
    table(
      [
        ['', ...all.map(({ head }) => head)],
        ...places.map((at) => [placeName(at, shape), ...all.map(({ numbers }) => short(numbers[at]!))]),
      ],
      `l${'r'.repeat(all.length)}`,
    );
  const complete = draw([...columns, ...remembered, last]);
  const fits = complete.every((line) => line.length + 2 < width);
  const lines = fits ? complete : draw([...columns, last]);
  const more = before.length - places.length;
  return more > 0 ? [...lines, `… ${grouped(more)} more`] : lines;
}

/**
 * The first entries; of a matrix whose first rows are not updated, those from the first on that is: pixels in
 * a corner teach nothing.
 */
function entriesOf({ shape, before, gradient }: ExplainedParameter): number[] {
  const moved = gradient ? Array.prototype.findIndex.call(gradient, (value) => value !== 0) : 0;
  const columns = shape[1] ?? shape[0]!;
  const first =
    shape.length > 1 && before.length > mostEntries ? Math.floor(Math.max(0, moved) / columns) : 0;
  const start = Math.min(first * columns, Math.max(0, before.length - mostEntries));
  return Array.from({ length: Math.min(mostEntries, before.length - start) }, (_, i) => start + i);
}

function placeName(at: number, shape: readonly number[]): string {
  const columns = shape[1];
  return columns === undefined ? `[${at}]` : `[${Math.floor(at / columns)}, ${at % columns}]`;
}

function normOf(numbers: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) squares += numbers[i]! ** 2;
  return Math.sqrt(squares);
}

/** Columns of the names at the left. */
const indent = 24;

/** A name and the numbers behind it, in at most two lines; the last says how many are left out. */
function numberLines(
  name: string,
  given: Float64Array | { numbers: Float64Array; skipped: number },
  width: number,
): string[] {
  const { numbers, skipped } = 'skipped' in given ? given : { numbers: given, skipped: 0 };
  const texts = Array.from(numbers.subarray(0, 1000), short);
  return listLines(name, skipped > 0 ? [`… ${grouped(skipped)} zeros`, ...texts] : texts, width, {
    all: numbers.length + (skipped > 0 ? 1 : 0),
    separator: '  ',
  });
}

/** A name and texts behind it. */
function listLines(
  name: string,
  texts: readonly string[],
  width: number,
  { all = texts.length, separator = ', ' } = {},
): string[] {
  // A long name has a line of its own.
  const own = name.length + 4 > indent;
  const room = width - indent - 1;
  const lines: string[] = [];
  let shown = 0;
  for (const text of texts) {
    const last = lines.at(-1);
    const joined = last === undefined ? undefined : last + separator + text;
    const note = all - shown > 1 ? `${separator}… ${grouped(all - shown)} more`.length : 0;
    const isLastLine = lines.length === mostLines;
    if (joined !== undefined && joined.length + (isLastLine ? note : 0) < room)
      lines[lines.length - 1] = joined;
    else if (isLastLine) break;
    else lines.push(text);
    shown++;
  }
  const left = all - shown;
  if (left > 0) lines[lines.length - 1] += `${separator}… ${grouped(left)} more`;
  const head = `  ${name}`;
  const rows = lines.map((line, i) => (i === 0 && !own ? head : '').padEnd(indent) + line);
  return (own ? [head, ...rows] : rows).map((line) => clip(line, width));
}

/** Five digits. */
function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(4) : value.toPrecision(5);
}

/** As people write it. */
const plain = (value: number) => String(Number(value.toPrecision(6)));
