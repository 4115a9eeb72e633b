/**
 * Plays a training: goes to the step that is asked for, or on and on at some speed, a little in each frame of
 * the page, so that the page stays at hand.
 */
import type { Timeline } from './timeline.ts';

/** Milliseconds in which it trains between two pictures: at least, and at most. */
const [shortest, longest] = [12, 60];

export interface Player {
  readonly playing: boolean;
  /** The step that it goes to; while it plays, where it is. */
  readonly target: number;
  /** Steps a second, at most. */
  speed: number;
  /** Steps a second that it has come to lately; undefined before it has played for a while. */
  readonly rate: number | undefined;
  play(): void;
  pause(): void;
  /** Pauses, and goes to this step. */
  seek(step: number): void;
  /** Takes another training, which begins with its first step. */
  load(timeline: Timeline): void;
  /** Resolves when it has come to its target, or failed. */
  settled(): Promise<void>;
  /** Stops; resolves when no step is under way. */
  halt(): Promise<void>;
}

export interface Audience {
  /** Something has changed: the step, or whether it plays. */
  show(timeline: Timeline): void;
  /** The training cannot go on. */
  fail(error: unknown): void;
}

export function startPlayer({ show, fail }: Audience): Player {
  let timeline: Timeline | undefined;
  let playing = false;
  let target = 0;
  /** It stops after the steps at hand, wherever that is. */
  let resting = false;
  let running: Promise<void> | undefined;
  let rate: number | undefined;

  const run = async (at: Timeline) => {
    const { training } = at;
    const last = training.plan.steps;
    let before = await nextFrame();
    let due = 0;
    let slice = shortest;
    let since = { time: before, steps: training.steps };
    while (playing || training.steps !== target) {
      if (resting) break;
      const now = await nextFrame();
      due = Math.min(due + ((now - before) / 1000) * player.speed, last);
      before = now;
      if (playing) {
        target = Math.min(last, training.steps + Math.floor(due));
        due -= Math.floor(due);
      }
      if (training.steps === target && target < last) continue;
      await at.towards(target, slice);
      const seconds = (performance.now() - since.time) / 1000;
      if (playing && seconds > 0.5) {
        rate = (training.steps - since.steps) / seconds;
        since = { time: performance.now(), steps: training.steps };
      }
      if (training.steps === last) playing = false;
      const begun = performance.now();
      show(at);
      // Where drawing takes long, there are fewer pictures.
      slice = Math.max(shortest, Math.min(longest, 2 * (performance.now() - begun)));
    }
  };
  const wake = () => {
    const at = timeline;
    if (!at || running) return;
    show(at);
    running = run(at)
      .catch((error: unknown) => {
        playing = false;
        target = at.training.steps;
        fail(error);
      })
      .finally(() => {
        if (resting) target = at.training.steps;
        resting = false;
        running = undefined;
        show(at);
      });
  };
  const player: Player = {
    get playing() {
      return playing;
    },
    get target() {
      return playing && timeline ? timeline.training.steps : target;
    },
    speed: 50,
    get rate() {
      return rate;
    },
    play() {
      playing = true;
      resting = false;
      wake();
    },
    pause() {
      playing = false;
      resting = running !== undefined;
    },
    seek(step) {
      playing = false;
      resting = false;
      target = step;
      wake();
    },
    load(other) {
      timeline = other;
      rate = undefined;
      target = other.training.steps;
      show(other);
    },
    settled: async () => running,
    async halt() {
      player.pause();
      await running;
    },
  };
  return player;
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
