/**
 * Drawing with the keyboard: arrows move a pen, with Shift faster. Space puts it down, and lifts it at the
 * next press; or it is held down while the pen moves. Z or Backspace takes back, Delete clears.
 */

export interface KeyEvents {
  /** Height of the sheet, in widths. */
  aspect: number;
  /** The pen draws to this place, a share of width and height. */
  to(x: number, y: number): void;
  lift(): void;
  undo(): void;
  clear(): void;
}

/** Steps from edge to edge. */
const steps = 28;
const fast = 4;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function startKeys(canvas: HTMLElement, pen: HTMLElement, events: KeyEvents): void {
  let [x, y] = [0.5, 0.5];
  let down = false;
  let moved = false;
  const within = (share: number) => Math.max(0, Math.min(1, share));

  const show = (visible: boolean) => {
    pen.hidden = !visible;
    pen.classList.toggle('down', down);
    pen.style.left = `${100 * x}%`;
    pen.style.top = `${100 * y}%`;
  };
  const lift = () => {
    if (!down) return;
    down = false;
    events.lift();
  };
  const move = ([dx, dy]: readonly [number, number], quick: boolean) => {
    const size = (quick ? fast : 1) / steps;
    x = within(x + dx * size);
    y = within(y + (dy * size) / events.aspect);
    moved = true;
    if (down) events.to(x, y);
  };
  const press = () => {
    if (down) return lift();
    down = true;
    moved = false;
    events.to(x, y);
  };

  canvas.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
    const arrow = arrows[key];
    const back = key === 'Backspace' || key.toLowerCase() === 'z';
    if (altKey || ((ctrlKey || metaKey) && key.toLowerCase() !== 'z')) return;
    if (arrow) move(arrow, shiftKey);
    else if (key === ' ') {
      if (!repeat) press();
    } else if (back || key === 'Delete' || key === 'Escape') {
      lift();
      if (back) events.undo();
      if (key === 'Delete') events.clear();
    } else return;
    event.preventDefault();
    show(true);
  });
  canvas.addEventListener('keyup', ({ key }) => {
    // It was held down while the pen moved.
    if (key === ' ' && down && moved) {
      lift();
      show(true);
    }
  });
  const leave = () => {
    lift();
    show(false);
  };
  canvas.addEventListener('blur', leave);
  canvas.addEventListener('pointerdown', leave);
}
