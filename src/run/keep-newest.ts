/** Writes items one after the other while the caller goes on. Only the newest waiting item is kept. */
export interface Newest<T> {
  /** Begins to write the item, or lets it replace the waiting one. */
  offer(item: T): void;
  /** Tries again to write the newest item, if it could not be written. */
  retry(): void;
  /** Resolves when no item is waiting any more. Returns whether the newest one is written. */
  settled(): Promise<boolean>;
  /** The item that was written last. */
  written(): T | undefined;
}

/** `write` tells of its failures itself, and returns whether the item is written. */
export function keepNewest<T>(write: (item: T) => Promise<boolean>): Newest<T> {
  let waiting: T | undefined;
  let written: T | undefined;
  let failed: T | undefined;
  let busy: Promise<void> | undefined;
  const drain = async () => {
    while (waiting !== undefined) {
      const item = waiting;
      waiting = undefined;
      failed = undefined;
      if (await write(item)) written = item;
      else failed = item;
    }
    busy = undefined;
  };
  const offer = (item: T) => {
    waiting = item;
    busy ??= drain();
  };
  return {
    offer,
    retry() {
      if (failed !== undefined && waiting === undefined) offer(failed);
    },
    async settled() {
      await busy;
      return failed === undefined;
    },
    written: () => written,
  };
}
