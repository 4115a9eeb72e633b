/** Lets everything that waits on the event loop have its turn: signals, timers, messages. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
