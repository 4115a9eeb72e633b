/** One sample, one step: forward, backward and update with their numbers, layer by layer. */
import type { ExplainedLayer, ExplainedParameter, ExplainedStep } from 'lockstep/browser';
import { canvasOf, element } from './elements.ts';
import { paintInk, signedColour, usualSize } from './paint.ts';

/** Rows of a table: of a longer list the page shows those that matter most. */
const mostRows = 16;

/** What is shown of a step. */
export function explanation(
  given: ExplainedStep,
  classes: readonly string[],
  side: number | undefined,
): Node[] {
  const { sample, layers, step, steps, epoch, learningRate, minibatch } = given;
  const { predicted, probabilities, target } = sample;
  const asked = classes[target[0]!]!;
  const likely = probabilities![target[0]!]!;
  const verdict = predicted === target[0] ? 'right' : `wrong: it says ${classes[predicted!]}`;
  const where =
    sample.row === undefined
      ? `This step does not train on it${
          sample.trainedIn === undefined
            ? ', for it is held out for validation'
            : `; step ${sample.trainedIn} of this epoch does`
        }.`
      : `It is row ${sample.row} of the minibatch.`;
  const facts = element(
    'dl',
    { class: 'tiles' },
    ...(
      [
        ['sample', `${sample.number}, ${asked}`],
        ['step', `${step} of ${steps}, epoch ${epoch}`],
        [`how likely ${asked} is`, `${(100 * likely).toFixed(1)} %, ${verdict}`],
        ['its loss, minus the logarithm of that', short(sample.loss)],
        ['learning rate', short(learningRate)],
        [`mean loss of the ${minibatch.samples.length} rows`, short(minibatch.loss)],
      ] as const
    ).map(([name, value]) =>
      element('div', { class: 'tile' }, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
  return [
    facts,
    element('p', {}, where),
    inputOf(given, side),
    ...layers.map((layer, i) => layerOf(layer, i, layers.length, classes)),
  ];
}

function inputOf({ sample }: ExplainedStep, side: number | undefined): HTMLElement {
  const title = element('h3', {}, 'Forward: the sample comes in');
  if (side !== undefined) {
    const picture = canvasOf(side, side);
    picture.className = 'chosen';
    paintInk(picture, sample.features);
    return element(
      'section',
      {},
      title,
      element('p', { class: 'note' }, `Its ${side * side} pixels, each divided by 255, are the inputs.`),
      picture,
    );
  }
  const rows = ['x', 'y'].map((name, i) => [name, short(sample.features[i]!), short(sample.prepared[i]!)]);
  return element(
    'section',
    {},
    title,
    table(['', 'as it is', 'as the network reads it: minus the mean, divided by the deviation'], rows),
  );
}

function layerOf(layer: ExplainedLayer, index: number, of: number, classes: readonly string[]): HTMLElement {
  const { path, kind, output, gradient, parameters } = layer;
  const last = index === of - 1;
  const name = (unit: number) => (last ? classes[unit]! : `unit ${unit + 1}`);
  const units = first(output.length, mostRows);
  const full = usualSize(output);
  const rows = units.map((unit) => [
    name(unit),
    coloured(output[unit]!, full),
    ...(gradient ? [coloured(gradient[unit]!, usualSize(gradient))] : []),
  ]);
  const more = units.length < output.length ? ` The first ${units.length} of ${output.length} units.` : '';
  return element(
    'section',
    { class: 'explained' },
    element('h3', {}, `${path}: ${kind}`),
    element(
      'div',
      { class: 'beside' },
      element(
        'div',
        {},
        table(['', 'forward: output', ...(gradient ? ['backward: gradient'] : [])], rows),
        element(
          'p',
          { class: 'note' },
          `${gradient ? 'The gradient says how the loss of the sample changes with the output.' : ''}${more}`,
        ),
      ),
      ...parameters.map((parameter) => parameterOf(parameter, name)),
    ),
  );
}

function parameterOf(
  { name, shape, before, gradient, own, after, slots }: ExplainedParameter,
  unit: (unit: number) => string,
): HTMLElement {
  const columns = shape.at(-1)!;
  const change = (i: number) => Math.abs(after[i]! - before[i]!);
  const all = Array.from(before, (_, i) => i);
  const many = all.length > 2 * mostRows;
  const shown = many ? all.toSorted((a, b) => change(b) - change(a)).slice(0, mostRows) : all;
  const place = (i: number) =>
    shape.length === 2
      ? `${name}, input ${Math.floor(i / columns) + 1} to ${unit(i % columns)}`
      : `${name}, ${unit(i)}`;
  const heading = [
    '',
    'before',
    ...(own ? ['gradient of the sample'] : []),
    ...(gradient ? ['mean gradient of the rows'] : []),
    ...slots.map((slot) => slot.name),
    'update: after',
  ];
  const rows = shown.map((i) => [
    place(i),
    short(before[i]!),
    ...(own ? [short(own[i]!)] : []),
    ...(gradient ? [short(gradient[i]!)] : []),
    ...slots.map((slot) => short(slot.after[i]!)),
    short(after[i]!),
  ]);
  return element(
    'div',
    {},
    table(heading, rows),
    element(
      'p',
      { class: 'note' },
      many ? `The ${mostRows} of ${all.length} entries of ${name} that change most.` : `All of ${name}.`,
    ),
  );
}

/** A number with a patch of its colour. */
function coloured(value: number, full: number): Node {
  const patch = element('i', { class: 'patch' });
  patch.style.background = signedColour(full > 0 ? value / full : 0);
  return element('span', {}, patch, short(value));
}

function table(heading: readonly string[], rows: readonly (readonly (Node | string)[])[]): HTMLElement {
  const head = element('tr', {}, ...heading.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map(([name, ...cells]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name!),
      ...cells.map((cell) => element('td', {}, cell)),
    ),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0' },
    element('table', { class: 'numbers' }, element('thead', {}, head), element('tbody', {}, ...body)),
  );
}

const first = (count: number, most: number) => Array.from({ length: Math.min(count, most) }, (_, i) => i);

/** Four digits, with a true minus. */
function short(value: number): string {
  const text =
    value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace('-', '−');
}
