/**
 * The inputs of an ONNX graph, and the preparation that turns them into what the network reads.
 *
 * A number of a table is shifted in two steps, by the float32 nearest to the shift and by what is left of it.
 * The first difference is exact for numbers near the shift, so that few digits are lost where a column has a
 * large mean and a small deviation, as years have.
 */
import { columnsOf, type Features } from '../../data/dataset.ts';
import { missingWords } from '../../data/formats/table/cells.ts';
import { type ColumnPreparation, inputsOfColumn, type Preparation } from '../../data/preparation.ts';
import { LockstepError } from '../../foundation/errors.ts';
import type { GraphWriter } from './graph.ts';

type NumberColumn = ColumnPreparation & { kind: 'number' };
type WordColumn = ColumnPreparation & { kind: 'category' };

/** The one input of graphs that read numbers only. */
export const inputName = 'input';

/** Writes the inputs, and returns the name of what the network reads. (n, inputs) */
export function writeInputs(graph: GraphWriter, features: Features, preparation: Preparation): string {
  if (preparation.kind === 'pixels') return writePixels(graph, features);
  const { columns } = preparation;
  if (columns.every(isNumber))
    return writeNumbers(graph, graph.input(inputName, 'float', columns.length), columns);
  return writeColumns(graph, columns);
}

const isWord = (column: ColumnPreparation): column is WordColumn => column.kind === 'category';
const isNumber = (column: ColumnPreparation): column is NumberColumn => column.kind === 'number';

/** Pixels as the files have them, up to `white`, become bytes as the reader makes them, and then 0 to 1. */
function writePixels(graph: GraphWriter, features: Features): string {
  const white = features.kind === 'bytes' ? (features.white ?? 255) : 255;
  const full = graph.floats('prepare.255', [255]);
  let x = graph.input(inputName, 'float', columnsOf(features));
  if (white !== 255) {
    const scaled = graph.node('prepare.scaled', 'Mul', [x, full]);
    const share = graph.node('prepare.share', 'Div', [scaled, graph.floats('prepare.white', [white])]);
    // Halves are rounded up, where Round would take the even neighbour.
    const half = graph.node('prepare.half', 'Add', [share, graph.floats('prepare.0.5', [0.5])]);
    x = graph.node('prepare.bytes', 'Floor', [half]);
  }
  return graph.node('prepare.pixels', 'Div', [x, full]);
}

/** An input for each column; a network that reads words has no other way. */
function writeColumns(graph: GraphWriter, columns: readonly ColumnPreparation[]): string {
  const ports = columns.map((column) => graph.input(column.name, isNumber(column) ? 'float' : 'string', 1));
  const numbers = columns.flatMap((column, c) => (isNumber(column) ? [{ column, port: ports[c]! }] : []));
  const words = columns.flatMap((column, c) => (isWord(column) ? [{ column, port: ports[c]! }] : []));
  const parts: string[] = [];
  if (numbers.length > 0) {
    const together = concatenated(
      graph,
      'prepare.numbers',
      numbers.map(({ port }) => port),
    );
    parts.push(
      writeNumbers(
        graph,
        together,
        numbers.map(({ column }) => column),
      ),
    );
  }
  for (const { column, port } of words) {
    if (inputsOfColumn(column) > 0) parts.push(writeWords(graph, port, column));
  }
  const made = [...numbers, ...words].map(({ column }) => column);
  return inOrder(graph, concatenated(graph, 'prepare.parts', parts), columns, made);
}

/** Columns that were made in another order than the network reads them, in its order. */
function inOrder(
  graph: GraphWriter,
  x: string,
  wanted: readonly ColumnPreparation[],
  made: readonly ColumnPreparation[],
): string {
  const firsts = new Map<ColumnPreparation, number>();
  let next = 0;
  for (const column of made) {
    firsts.set(column, next);
    next += inputsOfColumn(column);
  }
  const order = wanted.flatMap((column) =>
    Array.from({ length: inputsOfColumn(column) }, (_, i) => firsts.get(column)! + i),
  );
  return gathered(graph, 'prepare.ordered', x, order);
}

/** (n, columns) raw numbers as (n, inputs): shifted, scaled, filled, each flag after its number. */
function writeNumbers(graph: GraphWriter, raw: string, columns: readonly NumberColumn[]): string {
  const parts = columns.map(inSingles);
  const all = (of: (part: Singles) => number) => parts.map(of);
  let x = raw;
  const step = (name: string, op: string, values: readonly number[], neutral: number) => {
    if (values.every((value) => value === neutral)) return;
    x = graph.node(`prepare.${name}`, op, [x, graph.floats(`prepare.${name}.by`, values)]);
  };
  step(
    'shifted',
    'Sub',
    all(({ shift }) => shift),
    0,
  );
  step(
    'shifted.rest',
    'Sub',
    all(({ rest }) => rest),
    0,
  );
  step(
    'scaled',
    'Div',
    all(({ scale }) => scale),
    1,
  );
  if (columns.every(({ missing }) => missing === undefined)) return x;
  const isMissing = graph.node('prepare.missing', 'IsNaN', [raw]);
  const fill = graph.floats(
    'prepare.fill',
    all(({ fill }) => fill),
  );
  const filled = graph.node('prepare.filled', 'Where', [isMissing, fill, x]);
  if (!columns.some(({ flagged }) => flagged)) return filled;
  const flags = graph.node('prepare.flags', 'Cast', [isMissing], { attributes: { to: { i: 1 } } });
  const both = concatenated(graph, 'prepare.flagged', [filled, flags]);
  const order = columns.flatMap(({ flagged }, c) => (flagged ? [c, columns.length + c] : [c]));
  return gathered(graph, 'prepare.inputs', both, order);
}

/** What is done to a number, in float32. */
interface Singles {
  shift: number;
  /** What float32 leaves of the shift. */
  rest: number;
  scale: number;
  /** What the network reads instead of a missing number. */
  fill: number;
}

/** @throws LockstepError `usage` if the numbers of the column are beyond float32 */
function inSingles({ name, shift, scale, missing = Number.NaN }: NumberColumn): Singles {
  const single = Math.fround(shift);
  const own = { shift: single, rest: Math.fround(shift - single), scale: Math.fround(scale) };
  if (Number.isFinite(single) && Number.isFinite(own.scale) && own.scale !== 0) {
    return { ...own, fill: Math.fround((missing - shift) / scale) };
  }
  throw new LockstepError('usage', {
    where: `column ${JSON.stringify(name)}`,
    expected: 'numbers that float32 can hold, because ONNX networks read those',
    got: `mean ${shift}, deviation ${scale}`,
    hint: 'train with the column in another unit, or export with `--format js`',
  });
}

/** A step between two neighbours of float32 that is larger than this share of the deviation is told of. */
const coarse = 1e-4;

/** Columns whose numbers lie so far from zero that float32, which the graph reads, takes digits from them. */
export function coarseColumns(preparation: Preparation): string[] {
  if (preparation.kind === 'pixels') return [];
  return preparation.columns.filter(isNumber).flatMap(({ name, shift, scale }) => {
    const step = stepAt(shift);
    if (step <= coarse * scale) return [];
    const share = Number((step / scale).toPrecision(2));
    return [
      `column ${JSON.stringify(name)}: ONNX networks read float32, which has steps of ${step} there, ` +
        `${share} of the column's deviation; \`--format js\` loses nothing`,
    ];
  });
}

/** From the float32 next to this number to its neighbour. */
function stepAt(value: number): number {
  const bits = new Uint32Array(Float32Array.of(Math.abs(value)).buffer);
  const [near] = new Float32Array(bits.buffer);
  return new Float32Array(Uint32Array.of(bits[0]! + 1).buffer)[0]! - near!;
}

/**
 * (n, 1) words as (n, words): 1 at the word, and only zeros for an unknown one. An empty text is a missing
 * word, as is what tables write for it (NA, null, ?); it has the last place, if the training had any.
 */
function writeWords(graph: GraphWriter, port: string, { name, words, flagged }: WordColumn): string {
  const id = `prepare.${name}`;
  const none = flagged ? ['', ...missingWords.filter((word) => !words.includes(word))] : [];
  const keys = [...words, ...none];
  const places = [...words.keys(), ...none.map(() => words.length)];
  const place = graph.node(`${id}.place`, 'LabelEncoder', [port], {
    ml: true,
    attributes: {
      keys_strings: { strings: keys },
      values_int64s: { ints: places },
      default_int64: { i: -1 },
    },
  });
  const width = words.length + (flagged ? 1 : 0);
  const oneHot = graph.node(`${id}.one-hot`, 'OneHotEncoder', [place], {
    ml: true,
    attributes: {
      cats_int64s: { ints: Array.from({ length: width }, (_, i) => i) },
      zeros: { i: 1 },
    },
  });
  // From (n, 1, words).
  return graph.node(`${id}.inputs`, 'Flatten', [oneHot], { attributes: { axis: { i: 1 } } });
}

function concatenated(graph: GraphWriter, name: string, parts: readonly string[]): string {
  return parts.length === 1
    ? parts[0]!
    : graph.node(name, 'Concat', parts, { attributes: { axis: { i: 1 } } });
}

/** These columns of x, in this order. */
function gathered(graph: GraphWriter, name: string, x: string, order: readonly number[]): string {
  if (order.every((from, to) => from === to)) return x;
  const by = graph.integers(`${name}.by`, order);
  return graph.node(name, 'Gather', [x, by], { attributes: { axis: { i: 1 } } });
}
