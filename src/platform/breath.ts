/** A pause in long work. In a browser, browser/breath.ts stands for this file. */

/** Lets everything that waits for this thread have its turn: signals, progress, messages. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
