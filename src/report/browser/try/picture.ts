/**
 * Drawing for a network that reads pictures: what is drawn is made like the pictures of the training, by the
 * code by which `train predict` makes them, and shown as the network sees it.
 */
import { startAnswer } from './answer-view.ts';
import type { PictureInput, TryFacts, TrySample } from './facts.ts';
import type { Prepared, TriedNetwork } from './network.ts';
import { openedPicture, savePicture } from './picture-files.ts';
import { bytesOf, startSamples } from './samples.ts';
import { startSheet } from './sheet.ts';
import type { Colour, Pixels } from './strokes.ts';

/**
 * Pixels of the longer side of the sheet, about; it is shown larger. More would take longer to prepare at
 * each move of the pen, and the network sees no more of it.
 */
const sheetSize = 168;

export function startPicture(
  part: HTMLElement,
  facts: TryFacts & { input: PictureInput },
  network: () => TriedNetwork,
): void {
  const { shape, paper, ink, stroke } = facts.input;
  const [height, width] = shape;
  const enlarged = Math.max(1, Math.round(sheetSize / Math.max(height, width)));
  const one = <Found extends HTMLElement>(selector: string) => part.querySelector<Found>(selector);
  const view = startAnswer(part, facts);
  const seen = one<HTMLCanvasElement>('.try-seen')!;
  const notes = one('.try-notes')!;
  const size = one<HTMLInputElement>('input[data-pen="size"]')!;
  const colour = one<HTMLInputElement>('input[data-pen="colour"]');
  const grey = (level: number): Colour => [level, level, level];
  /** What lies on the sheet for something else: a sample as it is, a file in its own size. */
  const meant = new WeakMap<Pixels, { prepared: Prepared | undefined; sample?: TrySample }>();
  let asked = 0;

  const sheet = startSheet(one<HTMLCanvasElement>('.try-sheet canvas')!, one('.try-pen')!, {
    height: height * enlarged,
    width: width * enlarged,
    paper: grey(paper),
    pen: () => ({
      colour: colour ? rgbOf(colour.value) : grey(ink),
      radius: (Number(size.value) * stroke * enlarged) / 2,
    }),
    changed: soon(look),
  });
  const buttons = startSamples(part, facts, (sample) => {
    const bytes = bytesOf(sample.input as string);
    const pixels = enlarge(pictureOf(bytes, facts.input), enlarged);
    meant.set(pixels, { prepared: { pixels: bytes, done: [], doubts: [] }, sample });
    sheet.put(pixels);
  });
  const acts: Readonly<Record<string, () => void>> = {
    undo: sheet.undo,
    clear: sheet.clear,
    save: () => savePicture(sheet.pixels(), `${facts.noun}.png`),
  };
  part.addEventListener('click', ({ target }) => {
    if (target instanceof Element) acts[target.closest<HTMLElement>('[data-act]')?.dataset.act ?? '']?.();
  });
  const file = one<HTMLInputElement>('input[type="file"]')!;
  const open = async (given: File | undefined) => {
    if (!given) return;
    try {
      const picture = await openedPicture(given);
      const pixels = await fitted(picture, height * enlarged, width * enlarged, grey(paper));
      meant.set(pixels, { prepared: network().prepare(picture) });
      sheet.put(pixels);
    } catch (error) {
      view.say(`${given.name}: ${(error as Error).message}`);
    }
  };
  file.addEventListener('change', () => {
    void open(file.files?.[0]);
    file.value = '';
  });
  part.addEventListener('dragover', (event) => event.preventDefault());
  part.addEventListener('drop', (event) => {
    event.preventDefault();
    void open(event.dataTransfer?.files[0]);
  });

  /** Predicts what is on the sheet. */
  function look(): void {
    const on = sheet.shown();
    const instead = on && meant.get(on);
    if (instead?.sample) buttons.name(instead.sample);
    else buttons.leave();
    if (instead) show(instead.prepared, instead.sample?.actual);
    else show(network().prepare(sheet.pixels()));
  }

  function show(prepared: Prepared | undefined, actual?: readonly number[]): void {
    const mine = ++asked;
    const remarks = prepared ? [prepared.done.join(', '), ...prepared.doubts].filter(Boolean) : [];
    notes.textContent = remarks.length > 0 ? `: ${remarks.join('; ')}` : '';
    if (!prepared) {
      seen.getContext('2d')!.clearRect(0, 0, width, height);
      view.say('');
      return;
    }
    put(seen, pictureOf(prepared.pixels, facts.input));
    network()
      .answer(prepared.pixels)
      .then(
        (answer) => answer && mine === asked && view.show(answer, actual),
        (error: Error) => mine === asked && view.say(error.message),
      );
  }
  seen.height = height;
  seen.width = width;
}

/** At most once for each picture of the screen, and half of the time at most: the pen must not be held up. */
function soon(act: () => void): () => void {
  let asked = false;
  let free = 0;
  const run = () => {
    asked = false;
    const start = performance.now();
    act();
    const end = performance.now();
    free = end + (end - start);
  };
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(() => requestAnimationFrame(run), Math.max(0, free - performance.now()));
  };
}

function put(canvas: HTMLCanvasElement, { rgba, width, height }: Pixels): void {
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
}

/** Of other numbers of channels than 1 and 3, the first in grey. */
function pictureOf(bytes: Uint8Array, { shape: [height, width, channels] }: PictureInput): Pixels {
  const rgba = new Uint8ClampedArray(4 * height * width);
  for (let i = 0; i < height * width; i++) {
    const at = i * channels;
    const [red, green, blue] = channels === 3 ? [at, at + 1, at + 2] : [at, at, at];
    rgba.set([bytes[red]!, bytes[green]!, bytes[blue]!, 255], 4 * i);
  }
  return { height, width, rgba };
}

/** Each pixel becomes a square. */
function enlarge({ height, width, rgba }: Pixels, by: number): Pixels {
  const large = new Uint8ClampedArray(4 * height * width * by * by);
  for (let y = 0; y < height * by; y++) {
    for (let x = 0; x < width * by; x++) {
      const from = 4 * (Math.floor(y / by) * width + Math.floor(x / by));
      large.set(rgba.subarray(from, from + 4), 4 * (y * width * by + x));
    }
  }
  return { height: height * by, width: width * by, rgba: large };
}

/** The picture within a sheet, as large as it fits. */
async function fitted(picture: Pixels, height: number, width: number, paper: Colour): Promise<Pixels> {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { height, width });
  const context = canvas.getContext('2d')!;
  context.fillStyle = `rgb(${paper.join()})`;
  context.fillRect(0, 0, width, height);
  const scale = Math.min(height / picture.height, width / picture.width);
  const [tall, wide] = [scale * picture.height, scale * picture.width];
  const bitmap = await createImageBitmap(new ImageData(picture.rgba, picture.width, picture.height));
  context.drawImage(bitmap, (width - wide) / 2, (height - tall) / 2, wide, tall);
  return { height, width, rgba: context.getImageData(0, 0, width, height).data as Pixels['rgba'] };
}

function rgbOf(text: string): Colour {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  return [red!, green!, blue!];
}
