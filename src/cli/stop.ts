/** Requests to stop a training: Ctrl-C, SIGTERM, SIGHUP, or a reader of its output that went away. */
import { exitCodes } from '../foundation/errors.ts';
import { err, onReaderGone } from './console.ts';

export interface StopListener {
  signal: AbortSignal;
  /** The reason for people: `by SIGINT`; if nobody has asked here, another rank was asked. */
  reason(): string;
  exitCode(): number;
  /** Asks for it as the first Ctrl-C does, which counts as its signal. Asked again, it changes nothing. */
  ask(by: string): void;
  /**
   * It hears no more.
   *
   * @param done what it stood for is whole and on the disk: a signal that comes now, while threads leave,
   * does
   *   not change how the process ends, unless another listener comes. Else a signal quits at once.
   */
  release(how?: { done: boolean }): void;
}

const signals = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  // The terminal was closed, or the connection to it was lost.
  SIGHUP: exitCodes.hungUp,
} as const;

type SignalName = keyof typeof signals;

/** Who hears of a signal now. */
const listening = new Set<(name: SignalName) => void>();
/** Nobody does because all is done so far. */
let isDone = false;
/** The signal that came then: between two trainings, or at the end, while threads leave. */
let unheard: SignalName | undefined;

function hear(name: SignalName): void {
  if (listening.size > 0) for (const told of [...listening]) told(name);
  else if (!isDone || unheard === name) process.exit(signals[name]);
  else unheard ??= name;
}

let hears = false;

function startHearing(): void {
  if (hears) return;
  hears = true;
  for (const name of Object.keys(signals) as SignalName[]) process.on(name, () => hear(name));
}

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
  const listener = (name: SignalName) => {
    const first = by === undefined;
    request(`by ${name}`, signals[name]);
    if (first && name === 'SIGINT') err.line(`\n${told}`);
  };
  startHearing();
  listening.add(listener);
  if (unheard) listener(unheard);
  unheard = undefined;
  onReaderGone(() => {
    if (by === undefined) request('because nobody reads the output any more', exitCodes.failed);
  });
  return {
    signal: controller.signal,
    reason: () => by ?? 'by another rank',
    exitCode: () => (by === undefined ? exitCodes.terminated : exitCode),
    ask(what) {
      if (by === undefined) request(what, exitCodes.interrupted);
    },
    release({ done } = { done: false }) {
      listening.delete(listener);
      isDone = done;
    },
  };
}
