/** A queue of events from several sources: one side pushes them, the other iterates over them. */

export interface Channel<Event> extends AsyncIterable<Event> {
  push(event: Event): void;
  /** Ends the iteration. If an error is given, the iteration throws it. */
  close(error?: unknown): void;
}

export function createChannel<Event>(): Channel<Event> {
  const waiting: Event[] = [];
  let closed = false;
  let failure: unknown;
  let wake = () => {};
  const notify = () => wake();
  return {
    push(event) {
      waiting.push(event);
      notify();
    },
    close(error) {
      closed = true;
      failure = error;
      notify();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (closed) {
          if (failure !== undefined) throw failure;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
