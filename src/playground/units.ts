/** The network of the plane as a drawing: a map of the plane for each unit, and a line for each weight. */
import { byId, canvasOf, element } from './elements.ts';
import type { Matrix, Pass, ShownNetwork } from './network.ts';
import { paintSigned, signedColour, usualSize } from './paint.ts';
import { classField, type Field, fieldOf, type Look, type Plane, side } from './plane.ts';

/** Sizes in pixels of the page. */
const [largest, tallest, top] = [56, 520, 28];

export interface UnitsDrawing {
  draw(weights: readonly Matrix[], pass: Pass): void;
  /** The width has changed. */
  place(): void;
}

/** @param onLook a unit was chosen to be seen large, or none of them */
export function unitsDrawing(
  { widths, classes }: ShownNetwork,
  plane: Plane,
  onLook: (look: Look) => void,
): UnitsDrawing {
  const into = byId('network');
  const lines = element('canvas', { class: 'lines', 'aria-hidden': 'true' });
  let look: Look;
  const columns = widths.map((units, column) =>
    Array.from({ length: units }, (_, unit) => {
      const picture = canvasOf(side, side);
      return { picture, button: buttonOf(column, unit, picture) };
    }),
  );
  const labels = widths.map((_, column) => element('span', { class: 'layer-name' }, layerName(column)));
  into.replaceChildren(lines, ...labels, ...columns.flat().map(({ button }) => button));
  // x grows to the right, y to the top: the same in each picture.
  for (const [column, { picture }] of columns[0]!.entries()) {
    const middle = plane.places[2 * Math.floor((side * side + side) / 2) + column]!;
    paintField(picture, { full: plane.size / 2, at: (place) => plane.places[2 * place + column]! - middle });
  }
  let last: readonly Matrix[] = [];
  let centres: { x: number; y: number }[][] = [];
  let size = largest;

  function buttonOf(column: number, unit: number, picture: HTMLCanvasElement): HTMLElement {
    const name = unitName(column, unit);
    if (column === 0 || column === widths.length - 1) {
      const text = element('span', {}, column === 0 ? ['x', 'y'][unit]! : classes[unit]!);
      return element('span', { class: 'unit', title: name }, picture, text);
    }
    const button = element('button', { class: 'unit', type: 'button', 'aria-pressed': 'false' }, picture);
    button.title = name;
    button.setAttribute('aria-label', `${name}, show it large`);
    button.addEventListener('click', () => {
      const same = look?.layer === column - 1 && look.unit === unit;
      look = same ? undefined : { layer: column - 1, unit };
      for (const [c, units] of columns.entries()) {
        for (const [u, { button }] of units.entries()) {
          if (button.tagName !== 'BUTTON') continue;
          button.setAttribute('aria-pressed', String(look?.layer === c - 1 && look.unit === u));
        }
      }
      onLook(look);
    });
    return button;
  }

  function layerName(column: number): string {
    if (column === 0) return 'input';
    if (column === widths.length - 1) return 'output';
    return widths.length > 4 ? `${column}` : `layer ${column}`;
  }

  function unitName(column: number, unit: number): string {
    if (column === 0) return `input ${['x', 'y'][unit]}`;
    if (column === widths.length - 1) return `output ${classes[unit]}`;
    return `layer ${column}, unit ${unit + 1}`;
  }

  const place = () => {
    const width = into.clientWidth;
    const most = Math.max(...widths);
    const pitch = Math.max(15, Math.min(largest * 1.25, tallest / most));
    size = Math.round(Math.min(largest, pitch * 0.84, (width / widths.length) * 0.62));
    const height = top + Math.max(pitch * most, 2.4 * pitch + 44);
    into.style.height = `${height}px`;
    const reach = (width - size - 12) / (widths.length - 1);
    centres = columns.map((units, column) =>
      units.map((_, unit) => ({
        x: size / 2 + 6 + column * reach,
        // What has a name below it needs more room.
        y:
          top +
          (height - top) / 2 +
          (unit - (units.length - 1) / 2) *
            (column === 0 || column === columns.length - 1 ? size + 34 : pitch),
      })),
    );
    for (const [column, units] of columns.entries()) {
      const label = labels[column]!;
      label.style.left = `${Math.min(width - 24, Math.max(24, centres[column]![0]!.x))}px`;
      for (const [unit, { button, picture }] of units.entries()) {
        const { x, y } = centres[column]![unit]!;
        Object.assign(button.style, { left: `${x - size / 2}px`, top: `${y - size / 2}px` });
        Object.assign(picture.style, { width: `${size}px`, height: `${size}px` });
      }
    }
    const ratio = devicePixelRatio;
    Object.assign(lines, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    drawLines();
  };

  function drawLines(): void {
    const context = lines.getContext('2d')!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, lines.width, lines.height);
    for (const [layer, { inputs, units, values }] of last.entries()) {
      const full = usualSize(values);
      for (let i = 0; i < inputs; i++) {
        for (let u = 0; u < units; u++) {
          const share = values[i * units + u]! / full;
          if (Math.abs(share) < 0.02) continue;
          const [from, to] = [centres[layer]![i]!, centres[layer + 1]![u]!];
          const [begin, end] = [from.x + size / 2, to.x - size / 2];
          const half = (begin + end) / 2;
          context.strokeStyle = signedColour(0.15 * Math.sign(share) + 0.85 * share);
          context.lineWidth = 0.5 + 2.5 * Math.min(1, Math.abs(share));
          context.beginPath();
          context.moveTo(begin, from.y);
          context.bezierCurveTo(half, from.y, half, to.y, end, to.y);
          context.stroke();
        }
      }
    }
  }

  place();
  return {
    place,
    draw(weights, pass) {
      last = weights;
      for (const [column, units] of columns.entries()) {
        if (column === 0) continue;
        for (const [unit, { picture }] of units.entries()) {
          const output = column === columns.length - 1;
          paintField(picture, output ? classField(pass, unit) : fieldOf(pass, { layer: column - 1, unit }));
        }
      }
      drawLines();
    },
  };
}

const paintField = (picture: HTMLCanvasElement, { full, at }: Field) => paintSigned(picture, full, at);
