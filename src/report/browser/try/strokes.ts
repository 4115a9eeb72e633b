/**
 * Strokes of a pen on a sheet of pixels. They are computed here and not by the browser's canvas, so that the
 * same strokes give the same pixels in every browser.
 */

export type Colour = readonly [red: number, green: number, blue: number];

/** Red, green, blue and alpha of each pixel, 0-255, row-major. (height, width, 4) */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface Point {
  x: number;
  y: number;
}

export interface Stroke {
  readonly colour: Colour;
  /** In pixels of the sheet. */
  readonly radius: number;
  readonly points: Point[];
}

export function blankSheet(height: number, width: number, [red, green, blue]: Colour): Pixels {
  const rgba = new Uint8ClampedArray(4 * height * width);
  for (let i = 0; i < rgba.length; i += 4) rgba.set([red, green, blue, 255], i);
  return { height, width, rgba };
}

export function copyOf({ height, width, rgba }: Pixels): Pixels {
  return { height, width, rgba: rgba.slice() };
}

/** Draws a stroke, or what has come to it since it had `drawn` points. A single point is a dot. */
export function paintStroke(sheet: Pixels, { colour, radius, points }: Stroke, drawn = 0): void {
  for (let i = Math.max(0, drawn); i < points.length; i++) {
    paintSegment(sheet, points[Math.max(0, i - 1)]!, points[i]!, radius, colour);
  }
}

/** A line with round ends; a pixel at its edge is covered in part. */
function paintSegment({ height, width, rgba }: Pixels, a: Point, b: Point, radius: number, colour: Colour) {
  const [left, right] = [Math.min(a.x, b.x) - radius - 1, Math.max(a.x, b.x) + radius + 1];
  const [top, bottom] = [Math.min(a.y, b.y) - radius - 1, Math.max(a.y, b.y) + radius + 1];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
      const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y];
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      const [ox, oy] = [px - along * dx, py - along * dy];
      const covered = Math.min(1, radius + 0.5 - Math.sqrt(ox * ox + oy * oy));
      if (covered <= 0) continue;
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const below = rgba[at + c]!;
        rgba[at + c] = Math.round(below + covered * (colour[c]! - below));
      }
    }
  }
}
