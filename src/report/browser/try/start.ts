/** Brings the part of a page to life on which a network is tried: by drawing, or with a form. */
import type { PictureInput, RowInput, TryFacts } from './facts.ts';
import { openNetwork, type TriedNetwork } from './network.ts';
import { startPicture } from './picture.ts';
import { startRow } from './row.ts';

declare global {
  /** For the console, and for programs that look at the page: `lockstep.predict(row)`. */
  var lockstep: Pick<TriedNetwork, 'predict'> | undefined;
}

/** Nothing is made ready before the part comes near the window: a report is opened to be read, first. */
export function startTry(): void {
  const part = document.querySelector<HTMLElement>('[data-try]');
  const json = document.getElementById('try-facts');
  if (!part || !json) return;
  const facts: TryFacts = JSON.parse(json.textContent!);
  let opened: TriedNetwork | undefined;
  const network = () => {
    opened ??= openNetwork(facts);
    return opened;
  };
  globalThis.lockstep = { predict: (given) => network().predict(given) };
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      const { input } = facts;
      if (input.kind === 'picture') startPicture(part, facts as TryFacts & { input: PictureInput }, network);
      else startRow(part, facts as TryFacts & { input: RowInput }, network);
      part.dataset.try = 'ready';
    },
    { rootMargin: '400px' },
  );
  observer.observe(part);
}
