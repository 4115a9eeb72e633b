/** A pause in long work. In a browser, browser/breath.ts replaces this file. */

/** Gives all that waits for this thread its turn: signals, progress, messages. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
