/** Frames of charts as SVG, which takes its colours from the style sheet and needs no program. */
import type { Scale } from './axis.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Turns a place between 0 and 1 into a coordinate of the drawing. */
export type Coordinate = (place: number) => number;

/** Rounds to a tenth of a unit, less than anybody can see. */
export const round = (value: number) => Number(value.toFixed(1));

export function label(x: number, y: number, text: string, anchor: 'middle' | 'end'): Markup {
  return html`<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${text}</text>
`;
}

export interface Frame {
  width: number;
  height: number;
  horizontal: Scale;
  vertical: Scale;
  name: string;
  below?: string;
}

/** Two axes with their labels, around the contents. */
export function frame(
  { width, height, horizontal, vertical, name, below }: Frame,
  draw: (x: Coordinate, y: Coordinate) => Content,
): Markup {
  const [left, top, right, bottom] = [64, 10, width - 20, height - (below ? 42 : 26)];
  const x: Coordinate = (place) => left + place * (right - left);
  const y: Coordinate = (place) => bottom - place * (bottom - top);
  const grid = vertical.ticks.map(({ place, label: text }) => {
    const at = round(y(place));
    return html`<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/>
${label(left - 6, at + 4, text, 'end')}`;
  });
  const marks = horizontal.ticks.map(({ place, label: text }) =>
    label(x(place), bottom + 18, text, 'middle'),
  );
  const caption = below && label((left + right) / 2, height - 6, below, 'middle');
  const axes = html`<g class="axis">${grid}${marks}${caption}</g>
`;
  return drawing(width, height, name, [axes, draw(x, y)]);
}

export function drawing(width: number, height: number, name: string, content: Content): Markup {
  return html`<svg class="drawing" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">
${content}</svg>`;
}
