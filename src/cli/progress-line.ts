/** The line that shows the progress of a training. In a terminal it is redrawn ten times a second. */

import { lossText } from '../model/figure-text.ts';
import type { Progress } from '../training/events.ts';
import { clip, type Stream } from './console.ts';
import { compact, duration, grouped } from './format.ts';

export interface ProgressLine {
  /** Clears the line, so that something lasting can be printed. */
  clear(): void;
  stop(): void;
}

const interval = 100;

export function startProgressLine(
  to: Stream,
  progress: () => Progress,
  { epochs, batchSize }: { epochs: number; batchSize: number },
): ProgressLine {
  if (!to.live) return { clear() {}, stop() {} };
  const clear = () => to.write('\r\u001b[K');
  const draw = () => to.write(`\r\u001b[K${clip(progressText(progress(), epochs, batchSize), to.columns())}`);
  const timer = setInterval(draw, interval);
  return {
    clear,
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

/** epoch 3/12 ━━━━━━──── step 512/860  loss 0.0841  231k samples/s  2.1 s left */
export function progressText(at: Progress, epochs: number, batchSize: number): string {
  if (at.epoch === 0) return 'starting';
  const epoch = `epoch ${at.epoch}/${epochs} ${bar(at.step / at.stepsPerEpoch, 10)}`;
  // No step since figures were taken, and none under way: the test set is evaluated.
  if (at.step > 0 && at.stepsPerSecond === 0) return `${epoch}  evaluating`;
  return [
    epoch,
    `step ${grouped(at.step)}/${grouped(at.stepsPerEpoch)}`,
    at.step > 0 ? `loss ${lossText(at.loss)}` : '',
    at.step > 0 ? `${compact(batchSize * at.stepsPerSecond)} samples/s` : '',
    at.step > 0 ? `${duration(at.stepsLeft / at.stepsPerSecond)} left` : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '━'.repeat(full) + '─'.repeat(width - full);
}
