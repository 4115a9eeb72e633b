/** Writes one thing after the other while the caller goes on; of those that wait, only the newest counts. */
export interface Newest<T> {
  /** Begins to write it, or puts it in the place of what waits. */
  offer(item: T): void;
  /** Resolves when nothing waits any more. Rejects when something could not be written. */
  settled(): Promise<void>;
  /** What was written last. */
  written(): T | undefined;
}

export function keepNewest<T>(write: (item: T) => Promise<void>): Newest<T> {
  let waiting: T | undefined;
  let written: T | undefined;
  let busy: Promise<void> | undefined;
  const drain = async () => {
    while (waiting !== undefined) {
      const item = waiting;
      waiting = undefined;
      await write(item);
      written = item;
    }
    busy = undefined;
  };
  return {
    offer(item) {
      waiting = item;
      if (busy) return;
      busy = drain();
      // Whoever waits for it hears of the failure; nobody else has to.
      busy.catch(() => {});
    },
    settled: async () => busy,
    written: () => written,
  };
}
