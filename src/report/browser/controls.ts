/**
 * The controls above the curves. Their state is kept here, not in the elements, and events are heard at the
 * document, so the elements may be written anew at any time.
 */

/** How a reader wants to see the curves. */
export interface Look {
  /** A logarithmic axis for losses and other numbers. */
  log: boolean;
  /** From 0, not at all, to below 1. */
  smoothing: number;
}

export interface Controls {
  readonly look: Look;
  /** Makes the elements show the state. */
  show(): void;
}

/** Calls `changed` after each change. */
export function startControls(changed: () => void): Controls {
  const look: Look = { log: false, smoothing: 0 };
  const all = () => document.querySelectorAll<HTMLInputElement>('input[data-look]');
  const show = () => {
    for (const input of all()) {
      if (input.dataset.look === 'log') input.checked = look.log;
      else input.value = String(look.smoothing);
    }
    for (const output of document.querySelectorAll('output[data-look]')) {
      output.textContent = look.smoothing.toFixed(2);
    }
  };
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.dataset.look === 'log') look.log = target.checked;
    else if (target.dataset.look === 'smoothing') look.smoothing = Number(target.value);
    else return;
    show();
    changed();
  });
  show();
  return { look, show };
}
