// The network as a drawing: a box for each layer, what passes between them, and nothing over anything else.
import { expect, test } from 'vitest';
import { planNetwork } from '#lockstep/model/network.js';
import { networkDrawing } from '#lockstep/report/page/network-drawing.js';
import { dataShape, tinyExperiment } from '../support/tiny.ts';

const dense = (units: number | 'classes') => ({ kind: 'dense', units });
const residual = (layers: unknown[], shortcut: unknown[] = []) => ({ kind: 'residual', layers, shortcut });

function drawingOf(model: unknown[]): string {
  const experiment = tinyExperiment({ model });
  const network = planNetwork(experiment.model, dataShape({ inputs: 9, classes: 3 }));
  return networkDrawing(experiment.model, network, { inputs: '9 inputs: <b>', outputs: '3 classes' }).text;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const numberIn = (tag: string, name: string) => Number(new RegExp(`\\s${name}="(-?[\\d.]+)"`).exec(tag)?.[1]);

function boxesIn(drawing: string): Box[] {
  return [...drawing.matchAll(/<rect[^>]*>/g)].map(([tag]) => ({
    x: numberIn(tag, 'x'),
    y: numberIn(tag, 'y'),
    width: numberIn(tag, 'width'),
    height: numberIn(tag, 'height'),
  }));
}

const textsIn = (drawing: string, kind: string) =>
  [...drawing.matchAll(new RegExp(`<text class="${kind}"[^>]*>([^<]*)</text>`, 'g'))].map(([, text]) => text);
const countOf = (drawing: string, pattern: RegExp) => drawing.match(pattern)?.length ?? 0;

/** Layers with a box of their own: those within residual blocks, and not the blocks. */
function layersOf(model: readonly unknown[]): number {
  const counts = model.map((layer) => {
    const { layers, shortcut } = layer as { layers?: unknown[]; shortcut?: unknown[] };
    return layers ? layersOf(layers) + layersOf(shortcut ?? []) : 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

const models: Record<string, unknown[]> = {
  'one below the other': [dense(6), 'batch-norm', 'relu', dense('classes')],
  'around x itself': [dense(6), residual([dense(6), 'relu', dense(6)]), dense('classes')],
  'with a layer in the shortcut': [residual([dense(5), 'relu', dense(5)], [dense(5)]), dense('classes')],
  'nested, and one after the other': [
    dense(6),
    residual([residual(['relu', dense(6)]), residual(['relu', dense(4)], [dense(4)])], [dense(4), 'tanh']),
    residual([residual(['relu'])]),
    residual(['relu'], [residual([dense(4)])]),
    dense('classes'),
  ],
};

test.each(Object.entries(models))(
  '%s: boxes lie apart from each other, and within the drawing',
  (_, model) => {
    const drawing = drawingOf(model);
    const boxes = boxesIn(drawing);
    expect(boxes.length).toBe(layersOf(model));
    expect(textsIn(drawing, 'name').length).toBe(boxes.length);
    const [width, height] = [numberIn(drawing, 'width'), numberIn(drawing, 'height')];
    for (const [i, box] of boxes.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(-1);
      expect(box.x + box.width).toBeLessThanOrEqual(width - 1);
      expect(box.y).toBeGreaterThan(0);
      expect(box.y + box.height).toBeLessThan(height);
      const over = boxes
        .slice(i + 1)
        .filter(
          (other) =>
            box.x < other.x + other.width &&
            other.x < box.x + box.width &&
            box.y < other.y + other.height &&
            other.y < box.y + box.height,
        );
      expect(over).toEqual([]);
    }
  },
);

test.each(Object.entries(models))('%s: no line runs through a box', (_, model) => {
  const drawing = drawingOf(model);
  const boxes = boxesIn(drawing);
  const upright = [...drawing.matchAll(/d="M([\d.]+) ([\d.]+)(?:H([\d.]+))?V([\d.]+)"/g)].map(
    ([, x, from, aside, to]) => [aside ?? x, from, to].map(Number),
  );
  expect(upright.length).toBeGreaterThan(boxes.length);
  for (const [x, from, to] of upright as [number, number, number][]) {
    expect(to).toBeGreaterThan(from);
    const through = boxes.filter(
      (box) => x > box.x && x < box.x + box.width && from < box.y + box.height && to > box.y,
    );
    expect(through).toEqual([]);
  }
});

test('each layer has its name and parameters, and each line how many numbers pass', () => {
  const drawing = drawingOf([dense(6), 'relu', { ...dense('classes'), freeze: true }]);
  expect(textsIn(drawing, 'name')).toEqual(['dense 6', 'relu', 'dense 3']);
  expect(textsIn(drawing, '')).toEqual(['60 parameters', '21 parameters, frozen']);
  expect(textsIn(drawing, 'width')).toEqual(['6', '6']);
  expect(textsIn(drawing, 'end-of-line')).toEqual(['9 inputs: &lt;b&gt;', '3 classes']);
  // Only what has parameters learns.
  expect(countOf(drawing, /<rect class="learns"/g)).toBe(2);
});

test('a residual block parts where a dot is, and joins at a plus; what goes around it unchanged is x', () => {
  const drawing = drawingOf(models['nested, and one after the other']!);
  const blocks = 7;
  expect(countOf(drawing, /<circle class="fork"/g)).toBe(blocks);
  expect(countOf(drawing, /h10M[\d.]+ [\d.]+v10/g)).toBe(blocks);
  // The others have layers in their shortcuts.
  expect(textsIn(drawing, 'aside')).toEqual(['x', 'x', 'x', 'x']);
});
