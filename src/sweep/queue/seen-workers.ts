/** What a sweep knows of its workers: who is there, who is gone, and who refuses it, each told once. */
import type { WorkerMessage } from './messages.ts';

/** Something that a sweep tells of its queue, for people. */
export type QueueNote =
  | { kind: 'joined' | 'left'; worker: string; count: number }
  | { kind: 'refuses'; worker: string; why: string }
  /** Nobody works for the sweep, for so many seconds now. */
  | { kind: 'nobody'; seconds: number }
  /** States are too large to travel: trainings that go on after a rung begin again. */
  | { kind: 'large' }
  /** The queue cannot be reached, or can again. */
  | { kind: 'lost' | 'back'; reason: string };

/** Milliseconds without a sign after which a worker counts as gone. */
const patience = 20_000;
/** Milliseconds without any worker after which that is told, and again. */
const firstWord = 5000;
const nextWord = 60_000;

export interface SeenWorkers {
  look(workers: readonly WorkerMessage[]): void;
}

export function seenWorkers(
  tell: (note: QueueNote) => void,
  now: () => number = () => performance.now(),
): SeenWorkers {
  const seen = new Map<string, { beat: number; at: number; refuses: boolean }>();
  const here = new Set<string>();
  let alone = now();
  let nextAt = firstWord;

  return {
    look(workers) {
      const time = now();
      for (const { name, beat, doing, why } of workers) {
        const before = seen.get(name);
        const lives = !before || before.beat !== beat;
        const refuses = doing === 'refuses';
        if (lives) seen.set(name, { beat, at: time, refuses });
        if (refuses && lives && !before?.refuses) tell({ kind: 'refuses', worker: name, why });
        if (!refuses && lives && !here.has(name)) {
          here.add(name);
          tell({ kind: 'joined', worker: name, count: here.size });
        }
      }
      const named = new Set(workers.map(({ name }) => name));
      for (const [name, { at, refuses }] of [...seen]) {
        if (named.has(name) && time - at < patience) continue;
        // One that is dead leaves its last word behind.
        if (!named.has(name)) seen.delete(name);
        if (!here.has(name) || refuses) continue;
        here.delete(name);
        tell({ kind: 'left', worker: name, count: here.size });
      }
      if (here.size > 0) {
        alone = time;
        nextAt = firstWord;
      } else if (time - alone >= nextAt) {
        tell({ kind: 'nobody', seconds: Math.round((time - alone) / 1000) });
        nextAt = time - alone + nextWord;
      }
    },
  };
}
