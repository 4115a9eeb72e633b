/** A pause in long work, in a browser. */

/** The part of a browser's port that is used here. Node's types do not have it. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: undefined): void;
  close(): void;
}

/**
 * Gives all that waits for this thread its turn: input, drawing, messages. It does not use setTimeout, which
 * soon takes 4 ms for a pause, and a second on a page in the background.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as { port1: Port; port2: Port };
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
