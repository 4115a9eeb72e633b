/** The parameters of an explained step as tables: entries down, what became of them across. */
import { counted, grouped } from '../foundation/format.ts';
import type { ExplainedLayer, ExplainedParameter, ExplainedStep } from '../training/explain-step.ts';
import { clip, type Stream, wrap } from './console.ts';
import { table } from './format.ts';
import { short } from './number-lines.ts';

/** A parameter of so many numbers is shown in full, of a larger one ... */
const fewEntries = 16;
/** ... so many. */
const mostEntries = 8;

/** What the tables need to know. */
interface Told {
  explained: ExplainedStep;
  width: number;
  to: Stream;
}

/** A table for each parameter of a layer. */
export function parameterLines({ path, kind, frozen, parameters }: ExplainedLayer, told: Told): string[] {
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
  const narrow = fits
    ? []
    : slots.length > 0
      ? [`the ${slots.map(({ name }) => name).join(' and ')} in a wider terminal`]
      : [];
  const left = [...(more > 0 ? [`${grouped(more)} more`] : []), ...narrow];
  return left.length > 0 ? [...lines, `… ${left.join(', ')}`] : lines;
}

/**
 * The first entries; of a large matrix, from the first row on that the sample asks to change: pixels of a
 * corner teach nothing.
 */
function entriesOf({ shape, before, gradient, own = gradient }: ExplainedParameter): number[] {
  const { length } = before;
  if (length <= fewEntries) return [...before.keys()];
  const moved = Array.from(own ?? []).findIndex((value) => value !== 0);
  const columns = shape.at(-1)!;
  const start = Math.min(Math.floor(Math.max(0, moved) / columns) * columns, length - mostEntries);
  return Array.from({ length: mostEntries }, (_, i) => start + i);
}

/** `[3, 7]` of a matrix: an index for each size of the shape. */
function placeName(at: number, shape: readonly number[]): string {
  const indices: number[] = [];
  for (const size of [...shape].reverse()) {
    indices.unshift(at % size);
    at = Math.floor(at / size);
  }
  return `[${indices.join(', ')}]`;
}

function normOf(numbers: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) squares += numbers[i]! ** 2;
  return Math.sqrt(squares);
}
