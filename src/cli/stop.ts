/** Requests to stop a training: Ctrl-C, SIGTERM, SIGHUP, or a reader of its output that went away. */
import { exitCodes } from '../foundation/errors.ts';
import { err, onReaderGone } from './console.ts';

export interface StopListener {
  signal: AbortSignal;
  /** The reason for people: `by SIGINT`. */
  reason(): string;
  exitCode(): number;
  /** Asks for it as the first Ctrl-C does, which counts as its signal. Asked again, it changes nothing. */
  ask(by: string): void;
  release(): void;
}

const signals = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  // The terminal was closed, or the connection to it was lost.
  SIGHUP: exitCodes.hungUp,
} as const;

/**
 * The first request stops the training after the present step. The same signal again quits at once; another
 * one does not, because who ends a process may send one kind after the other.
 *
 * @param told what the first Ctrl-C is answered with
 */
export function listenForStop(told = 'stopping after this step; once more to quit at once'): StopListener {
  const controller = new AbortController();
  let by: string | undefined;
  let exitCode: number = exitCodes.failed;
  const request = (what: string, code: number) => {
    if (by === what) process.exit(code);
    if (by !== undefined) return;
    by = what;
    exitCode = code;
    controller.abort();
  };
  const listeners = Object.entries(signals).map(([name, code]) => {
    const listener = () => {
      const first = by === undefined;
      request(`by ${name}`, code);
      if (first && name === 'SIGINT') err.line(`\n${told}`);
    };
    process.on(name, listener);
    return { name, listener };
  });
  onReaderGone(() => {
    if (by === undefined) request('because nobody reads the output any more', exitCodes.failed);
  });
  return {
    signal: controller.signal,
    reason: () => by ?? '',
    exitCode: () => exitCode,
    ask(what) {
      if (by === undefined) request(what, exitCodes.interrupted);
    },
    release() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
