/**
 * Requests that wait for the network. What has come in while a batch was at work is the next batch: nobody
 * waits for others to come, and the busier the server, the larger the batches.
 */

import { type Answer, answerTo, Refusal } from '../http/refusal.ts';
import type { Job } from './given-rows.ts';
import type { ServeLimits } from './limits.ts';
import type { NetworkThread } from './network-thread.ts';

export interface WaitingLine {
  /** Requests that wait or are at work. */
  readonly length: number;
  /**
   * The answer to a body. Never rejects.
   *
   * @param gone says that nobody waits for it any more
   */
  ask(job: Job, gone: AbortSignal): Promise<Answer>;
  /** Whether no more can wait. */
  readonly full: boolean;
}

interface Waiting {
  job: Job;
  gone: AbortSignal;
  answer(answer: Answer): void;
  /** The batch that it was in was lost, so it goes by itself. */
  alone: boolean;
}

/** For a client that went away. Nobody reads it. */
const nobody: Answer = { status: 499, text: '' };

/** @param lost is told when the thread of the network was lost, and why */
export function waitingLine(
  network: NetworkThread,
  limits: Pick<ServeLimits, 'waiting' | 'batch'>,
  lost: (why: string) => void,
): WaitingLine {
  let line: Waiting[] = [];
  let working = 0;

  function nextBatch(): Waiting[] {
    for (const one of line) if (one.gone.aborted) one.answer(nobody);
    line = line.filter(({ gone }) => !gone.aborted);
    const batch: Waiting[] = [];
    let bytes = 0;
    for (const one of line) {
      const { length } = one.job.body;
      const fits = batch.length < limits.batch.requests && bytes + length <= limits.batch.bytes;
      if (batch.length > 0 && (one.alone || batch[0]!.alone || !fits)) break;
      batch.push(one);
      bytes += length;
    }
    line = line.slice(batch.length);
    return batch;
  }

  async function work(): Promise<void> {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      working = batch.length;
      try {
        const answers = await network.answer(batch.map(({ job }) => job));
        for (const [i, one] of batch.entries()) one.answer(answers[i]!);
      } catch (error) {
        lost((error as Error).message);
        // One of them is to blame, and the others are not.
        if (batch.length > 1) line.unshift(...batch.map((one) => ({ ...one, alone: true })));
        else batch[0]!.answer(answerTo(error));
      }
      working = 0;
    }
  }

  let busy = false;
  const begin = async () => {
    if (busy) return;
    busy = true;
    await work();
    busy = false;
  };

  return {
    get length() {
      return line.length + working;
    },
    get full() {
      return line.length + working >= limits.waiting;
    },
    ask(job, gone) {
      return new Promise((answer) => {
        line.push({ job, gone, answer, alone: false });
        void begin();
      });
    },
  };
}

/** @throws Refusal with status 503 */
export function refuseFull({ full }: WaitingLine): void {
  if (!full) return;
  throw new Refusal(503, {
    where: 'server',
    expected: 'fewer requests at a time',
    got: 'too many',
    hint: 'ask again in a second',
  });
}
