/** Images of the test set, and what the network takes them for. One of them is the chosen one. */
import { byId, canvasOf, element } from './elements.ts';
import type { Pass, ShownNetwork } from './network.ts';
import { paintInk } from './paint.ts';

/** Images that are shown. */
const shown = 50;

export interface Gallery {
  /** All that are shown, one after the other. */
  images: Uint8Array;
  image(sample: number): Uint8Array;
  draw(pass: Pass): void;
  /** Marks an image as the chosen one. */
  choose(sample: number): void;
}

/** @param onPick an image was chosen: its number in the training set */
export function gallery(
  { dataset: { train, features } }: ShownNetwork,
  onPick: (sample: number) => void,
): Gallery {
  const [height, width] = features.shape as readonly [number, number, number];
  const pixels = height * width;
  const image = (sample: number) =>
    train.features.subarray(sample * pixels, (sample + 1) * pixels) as Uint8Array;
  const items = Array.from({ length: shown }, (_, sample) => {
    const picture = canvasOf(width, height);
    paintInk(picture, image(sample));
    const guess = element('span');
    const button = element('button', { type: 'button', class: 'digit' }, picture, guess);
    button.addEventListener('click', () => onPick(sample));
    return { button, guess };
  });
  byId('gallery').replaceChildren(...items.map(({ button }) => button));
  return {
    images: train.features.subarray(0, shown * pixels) as Uint8Array,
    image,
    choose(sample) {
      for (const [i, { button }] of items.entries())
        button.setAttribute('aria-pressed', String(i === sample));
    },
    draw({ probabilities: { units, values } }) {
      for (const [sample, { button, guess }] of items.entries()) {
        let best = 0;
        for (let label = 1; label < units; label++) {
          if (values[sample * units + label]! > values[sample * units + best]!) best = label;
        }
        const asked = train.targets[sample]!;
        const right = best === asked;
        const text = right ? String(best) : `${best}, not ${asked}`;
        if (guess.textContent === text) continue;
        guess.textContent = text;
        button.classList.toggle('wrong', !right);
        button.setAttribute('aria-label', `sample ${sample + 1}, a ${asked}, taken for a ${best}`);
      }
    },
  };
}
