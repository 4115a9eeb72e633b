/** Requests to stop a training: Ctrl-C, SIGTERM, or a reader of its output that went away. */
import { exitCodes } from '../foundation/errors.ts';
import { err, onReaderGone } from './console.ts';

export interface StopListener {
  signal: AbortSignal;
  /** The reason for people: `by SIGINT`. */
  reason(): string;
  exitCode(): number;
  release(): void;
}

/** The first request stops the training after the present step. A second signal quits at once. */
export function listenForStop(): StopListener {
  const controller = new AbortController();
  let reason = '';
  let exitCode: number = exitCodes.failed;
  const request = (by: string, code: number) => {
    if (controller.signal.aborted) process.exit(code);
    reason = by;
    exitCode = code;
    controller.abort();
  };
  const interrupted = () => {
    request('by SIGINT', exitCodes.interrupted);
    err.line('\nstopping after this step; once more to quit at once');
  };
  const terminated = () => request('by SIGTERM', exitCodes.terminated);
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', terminated);
  onReaderGone(() => {
    if (!controller.signal.aborted) request('because nobody reads the output any more', exitCodes.failed);
  });
  return {
    signal: controller.signal,
    reason: () => reason,
    exitCode: () => exitCode,
    release() {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', terminated);
    },
  };
}
