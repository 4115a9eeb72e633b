/** Writes items one after the other while the caller goes on. Only the newest waiting item is kept. */
export interface Newest<T> {
  /** Begins to write the item, or lets it replace the waiting one. */
  offer(item: T): void;
  /** Resolves when no item is waiting any more. Rejects if one could not be written. */
  settled(): Promise<void>;
  /** The item that was written last. */
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
      // `settled` reports a failure to its caller. Without this, the failure would also end the process.
      busy.catch(() => {});
    },
    settled: async () => busy,
    written: () => written,
  };
}
