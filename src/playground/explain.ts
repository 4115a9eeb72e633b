/** One sample, one step: forward, backward and update with their numbers, layer by layer. */
import type { ExplainedLayer, ExplainedParameter, ExplainedStep } from 'lockstep/browser';
import { canvasOf, element } from './elements.ts';
import { paintInk, signedColour, usualSize } from './paint.ts';

/** Of more units, and of more entries, the page shows so many. */
const [mostUnits, mostEntries] = [16, 8];
/** Entries of a parameter that can be shown in full. */
const fewEntries = 64;

/**
 * What is shown of a step.
 *
 * @param side of an image; undefined: the sample is a point
 * @param onStep goes to the step that trains on the sample
 */
export function explanation(
  given: ExplainedStep,
  classes: readonly string[],
  side: number | undefined,
  onStep: (step: number) => void,
): Node[] {
  const { sample, layers, step, steps, epoch, learningRate, minibatch } = given;
  const { predicted, probabilities, target } = sample;
  const asked = classes[target[0]!]!;
  const likely = probabilities![target[0]!]!;
  const verdict = predicted === target[0] ? 'right' : `wrong: it says ${classes[predicted!]}`;
  const facts = [
    ['sample', `${sample.number}, ${asked}`],
    ['step', `${step} of ${steps}, epoch ${epoch}`],
    [`how likely ${asked} is`, `${(100 * likely).toFixed(1)} %, ${verdict}`],
    ['its loss, minus the logarithm of that', short(sample.loss)],
    [`mean loss of the ${minibatch.samples.length} rows`, short(minibatch.loss)],
    ['learning rate', short(learningRate)],
  ] as const;
  return [
    element(
      'dl',
      { class: 'now' },
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
    placeOf(given, onStep),
    inputOf(given, side),
    ...layers.map((layer, i) => layerOf(layer, i, layers.length, classes)),
  ];
}

/** Whether the step trains on the sample, and if not, which one does. */
function placeOf({ sample, step }: ExplainedStep, onStep: (step: number) => void): HTMLElement {
  const { row, trainedIn } = sample;
  if (row !== undefined)
    return element('p', {}, `Step ${step} trains on it: it is row ${row} of the minibatch.`);
  if (trainedIn === undefined) {
    return element('p', {}, 'No step trains on it, for it is held out for validation.');
  }
  const go = element('button', { type: 'button' }, `Go to step ${trainedIn}`);
  go.addEventListener('click', () => onStep(trainedIn));
  return element('p', {}, `Step ${step} does not train on it. In this epoch, step ${trainedIn} does. `, go);
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
    table(['', 'as it is', 'as it is read'], rows),
    element('p', { class: 'note' }, 'The network reads it minus the mean, divided by the deviation.'),
  );
}

function layerOf(layer: ExplainedLayer, index: number, of: number, classes: readonly string[]): HTMLElement {
  const { path, kind, output, gradient, parameters } = layer;
  const last = index === of - 1;
  const name = (unit: number) => (last ? classes[unit]! : `unit ${unit + 1}`);
  const units = Array.from({ length: Math.min(output.length, mostUnits) }, (_, unit) => unit);
  const row = (title: string, values: Float64Array) => {
    const full = usualSize(values);
    return [title, ...units.map((unit) => coloured(values[unit]!, full))];
  };
  const rows = [row('forward: output', output)];
  if (gradient) rows.push(row('backward: gradient', gradient));
  const more = units.length < output.length ? `The first ${units.length} of ${output.length} units. ` : '';
  const what = gradient ? 'The gradient says how the loss of the sample grows with the output.' : '';
  return element(
    'section',
    { class: 'explained' },
    element('h3', {}, `${path}: ${kind}`),
    table(['', ...units.map(name)], rows),
    ...(index === 0 || more ? [element('p', { class: 'note' }, `${more}${index === 0 ? what : ''}`)] : []),
    element('div', { class: 'beside' }, ...parameters.map((parameter) => parameterOf(parameter, name))),
  );
}

function parameterOf(
  { name, shape, before, gradient, own, after, slots }: ExplainedParameter,
  unit: (unit: number) => string,
): HTMLElement {
  const columns = shape.at(-1)!;
  const change = (i: number) => Math.abs(after[i]! - before[i]!);
  const all = Array.from(before, (_, i) => i);
  const most = all.toSorted((a, b) => change(b) - change(a)).slice(0, mostEntries);
  const place = (i: number) =>
    shape.length === 2 ? `input ${Math.floor(i / columns) + 1} to ${unit(i % columns)}` : unit(i);
  const heading = [
    '',
    'before',
    ...(own ? ['gradient of the sample'] : []),
    ...(gradient ? ['mean of the rows'] : []),
    ...slots.map((slot) => slot.name),
    'after',
  ];
  const entries = (of: readonly number[]) =>
    table(
      heading,
      of.map((i) => [
        place(i),
        short(before[i]!),
        ...(own ? [short(own[i]!)] : []),
        ...(gradient ? [short(gradient[i]!)] : []),
        ...slots.map((slot) => short(slot.after[i]!)),
        short(after[i]!),
      ]),
    );
  const title = `update of ${name}, ${shape.join(' × ')}`;
  if (all.length <= mostEntries)
    return element('div', {}, element('p', { class: 'note' }, title), entries(all));
  return element(
    'div',
    {},
    element('p', { class: 'note' }, `${title}: the ${mostEntries} entries that change most`),
    entries(most),
    ...(all.length <= fewEntries
      ? [element('details', {}, element('summary', {}, `all ${all.length} entries`), entries(all))]
      : []),
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

/** Four digits, with a true minus. */
function short(value: number): string {
  const text =
    value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replaceAll('-', '−');
}
