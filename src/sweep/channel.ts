/** Events from many hands, one after the other: what is pushed on one side is iterated on the other. */

export interface Channel<Event> extends AsyncIterable<Event> {
  push(event: Event): void;
  /** Ends the iteration, with this error if there is one. */
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
