/**
 * The network of the digits: the weights of each unit of the first layer as a picture, what the units give
 * for the chosen image, and how likely each digit is.
 */
import { byId, canvasOf, element } from './elements.ts';
import type { Matrix, Outputs, Pass, ShownNetwork } from './network.ts';
import { paintInk, paintSigned, usualSize } from './paint.ts';

export interface DigitsDrawing {
  /** `pass` is that of the chosen image alone. */
  draw(weights: readonly Matrix[], pass: Pass, image: Uint8Array): void;
}

export function digitsDrawing({ widths, classes, dataset }: ShownNetwork): DigitsDrawing {
  const [height, width] = dataset.features.shape as readonly [number, number, number];
  const into = byId('network');
  const chosen = element('canvas', { width: String(width), height: String(height), class: 'chosen' });
  const tiles = Array.from({ length: widths[1]! }, (_, unit) => {
    const picture = canvasOf(width, height);
    const bar = element('i');
    const tile = element('span', { class: 'tile-unit', title: `layer 1, unit ${unit + 1}` }, picture, bar);
    return { tile, picture, bar };
  });
  const last = widths.length - 1;
  // Of each later layer its weights, and what its units give for the image.
  const later = widths.slice(2).map((units, i) => ({
    weights: canvasOf(units, widths[i + 1]!),
    outputs: i + 2 < last ? canvasOf(units, 1) : undefined,
  }));
  const bars = classes.map((name) => {
    const bar = element('i');
    return { bar, row: element('li', {}, element('b', {}, name), bar, element('span')) };
  });
  const block = (name: string, ...content: (Node | string)[]) =>
    element('div', { class: 'stage' }, element('p', { class: 'layer-name' }, name), ...content);
  const stages = later.map(({ weights, outputs }, i) => {
    const [inputs, units] = [widths[i + 1]!, widths[i + 2]!];
    weights.className = 'matrix';
    if (outputs) outputs.className = 'strip';
    return block(
      `weights of layer ${i + 2}: ${inputs} × ${units}${outputs ? ', and its units for this image' : ''}`,
      weights,
      ...(outputs ? [outputs] : []),
    );
  });
  into.style.height = '';
  into.replaceChildren(
    block('chosen image', chosen),
    block(
      last === 1
        ? 'output: the weights of 0 to 9, and below what each gets'
        : 'layer 1: the weights of each unit, and below what it gives',
      element('div', { class: 'tiles-units' }, ...tiles.map(({ tile }) => tile)),
    ),
    ...stages,
    block(
      'how likely each digit is',
      element('ol', { class: 'digits-likely' }, ...bars.map(({ row }) => row)),
    ),
  );
  return {
    draw(weights, pass, image) {
      paintInk(chosen, image);
      const [first] = weights;
      const { units, values } = first!;
      const full = usualSize(values);
      const given: Outputs = pass.hidden[0] ?? pass.probabilities;
      const most = Math.max(1e-9, ...Array.from(given.values, Math.abs));
      for (const [unit, { picture, bar }] of tiles.entries()) {
        paintSigned(picture, full, (pixel) => values[pixel * units + unit]!);
        const value = given.values[unit]!;
        bar.className = value < 0 ? 'below' : '';
        bar.style.width = `${(100 * Math.abs(value)) / most}%`;
      }
      for (const [i, { weights: matrix, outputs }] of later.entries()) {
        const own = weights[i + 1]!;
        paintSigned(matrix, usualSize(own.values), (pixel) => own.values[pixel]!);
        const here = pass.hidden[i + 1];
        if (outputs && here) paintSigned(outputs, usualSize(here.values), (unit) => here.values[unit]!);
      }
      const likely = pass.probabilities.values;
      for (const [label, { bar, row }] of bars.entries()) {
        const share = likely[label]!;
        bar.style.setProperty('--s', `${100 * share}%`);
        row.lastElementChild!.textContent = `${(100 * share).toFixed(1)} %`;
      }
    },
  };
}
