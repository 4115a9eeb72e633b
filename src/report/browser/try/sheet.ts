/**
 * A sheet to draw on: a canvas for mouse, finger, pen and keyboard, with undo. It knows nothing of networks,
 * so that any page can use it.
 */

import { startKeys } from './keys.ts';
import { blankSheet, type Colour, copyOf, type Pixels, paintStroke, type Stroke } from './strokes.ts';

export interface SheetOptions {
  /** Pixels of the sheet; the page may show it in any size. */
  height: number;
  width: number;
  paper: Colour;
  /** What the next stroke is drawn with; the radius in pixels of the sheet. */
  pen(): { colour: Colour; radius: number };
  /** Something has changed. `done`: not in the middle of a stroke. */
  changed(done: boolean): void;
}

export interface Sheet {
  /** As it is now. */
  pixels(): Pixels;
  /** What was put on the sheet last if nothing was drawn since; undefined also of a sheet that is blank. */
  shown(): Pixels | undefined;
  /** Puts something else on the sheet, of its size. */
  put(pixels: Pixels): void;
  clear(): void;
  undo(): void;
}

/** Sheets that undo remembers, each of which is as large as the canvas. */
const mostSheets = 20;

/**
 * @param canvas can have the focus
 * @param pen shows where the keyboard's pen is; it lies in the same box as the canvas
 */
export function startSheet(canvas: HTMLCanvasElement, pen: HTMLElement, options: SheetOptions): Sheet {
  const { height, width, paper, changed } = options;
  canvas.height = height;
  canvas.width = width;
  const context = canvas.getContext('2d')!;
  const blank = () => blankSheet(height, width, paper);
  const first = blank();
  const blanks = new WeakSet<Pixels>([first]);
  /** What lies on each other: strokes, and whole sheets that hide all before them. */
  let history: (Pixels | Stroke)[] = [first];
  let now = copyOf(first);
  let stroke: Stroke | undefined;

  const isSheet = (one: Pixels | Stroke): one is Pixels => 'rgba' in one;
  const draw = () => context.putImageData(new ImageData(now.rgba, width, height), 0, 0);

  /** Draws the last sheet and the strokes on it. */
  function redraw(): void {
    const from = history.findLastIndex(isSheet);
    now = copyOf(history[from] as Pixels);
    for (const one of history.slice(from + 1)) paintStroke(now, one as Stroke);
    draw();
  }

  function put(pixels: Pixels): void {
    stroke = undefined;
    history.push(pixels);
    const sheets = history.flatMap((one, at) => (isSheet(one) ? [at] : []));
    if (sheets.length > mostSheets) history = history.slice(sheets[1]);
    redraw();
    changed(true);
  }

  /** Goes on with a stroke, or begins one. */
  function drawTo(x: number, y: number): void {
    if (!stroke) {
      stroke = { ...options.pen(), points: [] };
      history.push(stroke);
    }
    stroke.points.push({ x, y });
    paintStroke(now, stroke, stroke.points.length - 1);
  }

  function lift(): void {
    if (!stroke) return;
    stroke = undefined;
    changed(true);
  }

  function undo(): void {
    stroke = undefined;
    if (history.length === 1) return;
    history.pop();
    redraw();
    changed(true);
  }

  function clear(): void {
    if (blanks.has(history.at(-1) as Pixels)) return;
    const sheet = blank();
    blanks.add(sheet);
    put(sheet);
  }

  startPointer(canvas, {
    to(points) {
      for (const { x, y } of points) drawTo(x * width, y * height);
      draw();
      changed(false);
    },
    lift,
  });
  startKeys(canvas, pen, {
    aspect: height / width,
    to(x, y) {
      drawTo(x * width, y * height);
      draw();
      changed(false);
    },
    ...{ lift, undo, clear },
  });
  draw();
  return {
    pixels: () => now,
    shown() {
      const last = history.at(-1)!;
      return isSheet(last) && !blanks.has(last) ? last : undefined;
    },
    ...{ put, clear, undo },
  };
}

interface PointerEvents {
  /** The pen draws to these places, as shares of width and height. */
  to(points: readonly { x: number; y: number }[]): void;
  lift(): void;
}

/** Mouse, finger or pen; one at a time. */
function startPointer(canvas: HTMLCanvasElement, { to, lift }: PointerEvents): void {
  let id: number | undefined;
  const places = (events: readonly PointerEvent[]) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return events.map(({ clientX, clientY }) => ({
      x: (clientX - left) / width,
      y: (clientY - top) / height,
    }));
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (id !== undefined || event.button !== 0) return;
    id = event.pointerId;
    canvas.setPointerCapture(id);
    to(places([event]));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== id) return;
    const between = event.getCoalescedEvents?.() ?? [];
    to(places(between.length > 0 ? between : [event]));
  });
  for (const kind of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(kind, (event) => {
      if (event.pointerId !== id) return;
      id = undefined;
      lift();
    });
  }
}
