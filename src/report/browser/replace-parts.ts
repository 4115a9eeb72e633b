/**
 * Puts new markup into parts of the page. The reader notices nothing but what is new: what was unfolded stays
 * so, what was scrolled or filled in, too, and what is being read stays where it is.
 */
export interface PartNews {
  name: string;
  html: string;
}

export function replaceParts(news: readonly PartNews[]): void {
  const read = partBeingRead();
  const before = read && topOf(read);
  for (const { name, html } of news) {
    const part = document.querySelector<HTMLElement>(`[data-part="${CSS.escape(name)}"]`);
    if (!part) continue;
    const state = stateOf(part);
    part.innerHTML = html;
    restore(part, state);
  }
  const after = read && topOf(read);
  if (before !== undefined && after !== undefined && before !== after) scrollBy(0, after - before);
}

/** The first part that is in sight, if the reader has scrolled. */
function partBeingRead(): Element | undefined {
  if (scrollY === 0) return undefined;
  const parts = [...document.querySelectorAll('[data-part]')];
  // That at the top of the window stays there.
  return parts.find(
    (part) =>
      !part.matches('[data-part="live"]') && (part.lastElementChild?.getBoundingClientRect().bottom ?? 0) > 0,
  );
}

/** The element around a part has no box of its own. */
const topOf = (part: Element) => part.firstElementChild?.getBoundingClientRect().top;

interface State {
  open: boolean[];
  scrolled: [left: number, top: number][];
  given: (string | boolean)[];
}

const detailsIn = (part: Element) => [...part.querySelectorAll('details')];
const scrollsIn = (part: Element) => [...part.querySelectorAll('.scroll')];
const inputsIn = (part: Element) => [...part.querySelectorAll('input, select')];

function stateOf(part: Element): State {
  return {
    open: detailsIn(part).map(({ open }) => open),
    scrolled: scrollsIn(part).map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]),
    given: inputsIn(part).map((input) =>
      input instanceof HTMLInputElement && input.type === 'checkbox'
        ? input.checked
        : (input as HTMLInputElement).value,
    ),
  };
}

function restore(part: Element, { open, scrolled, given }: State): void {
  for (const [i, details] of detailsIn(part).entries()) details.open = open[i] ?? details.open;
  for (const [i, box] of scrollsIn(part).entries()) {
    const [left, top] = scrolled[i] ?? [0, 0];
    box.scrollLeft = left;
    box.scrollTop = top;
  }
  const inputs = inputsIn(part);
  if (inputs.length !== given.length) return;
  for (const [i, input] of inputs.entries()) {
    const value = given[i]!;
    if (typeof value === 'boolean') (input as HTMLInputElement).checked = value;
    else (input as HTMLInputElement).value = value;
  }
}
