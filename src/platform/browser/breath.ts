/** A pause in long work, in a browser. */

/** What is used of a browser's port: Node's types do not have it. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: undefined): void;
  close(): void;
}

/**
 * Lets everything that waits for this thread have its turn: input, drawing, messages. Not by setTimeout,
 * which soon takes 4 ms a pause, and on a page that nobody looks at, a second.
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
