/** Goes through samples of the test set: the one before, the next, any. */
import type { TryFacts, TrySample } from './facts.ts';

export interface SampleButtons {
  /** Says that none is shown any more. */
  leave(): void;
  /** Says again that this one is shown. */
  name(sample: TrySample): void;
}

export function startSamples(
  part: ParentNode,
  { samples, noun, task, shown }: TryFacts,
  show: (sample: TrySample) => void,
): SampleButtons {
  const name = part.querySelector<HTMLElement>('.try-sample');
  let at = -1;
  const nameOf = ({ index, actual }: TrySample) => {
    const right = task === 'classes' ? `, actually ${shown[actual[0]!]}` : '';
    return `test ${noun} #${index}${right}`;
  };
  const places: Readonly<Record<string, () => number>> = {
    before: () => (at <= 0 ? samples.length : at) - 1,
    next: () => (at + 1) % samples.length,
    any: () => (at + 1 + Math.floor(Math.random() * (samples.length - 1))) % samples.length,
  };
  for (const button of part.querySelectorAll<HTMLButtonElement>('button[data-sample]')) {
    button.addEventListener('click', () => {
      at = places[button.dataset.sample!]!();
      const sample = samples[at]!;
      show(sample);
      name!.textContent = nameOf(sample);
    });
  }
  return {
    leave() {
      if (name) name.textContent = '';
    },
    name(sample) {
      at = samples.indexOf(sample);
      if (name) name.textContent = nameOf(sample);
    },
  };
}

/** The bytes of a picture. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
