/**
 * A training that can go to any of its steps. Some of its moments are kept: to go back, it takes the nearest
 * one before the step, and trains from there. The steps are the same bits each time, so nobody can tell.
 */
import type { Moment, SteppedTraining } from 'lockstep/browser';

/** Moments that are kept, at equal distances. When there are more, every other one goes. */
const mostMoments = 64;
/** Milliseconds that a call of `advance` should take: a picture is drawn between two. */
const piece = 8;

export interface Timeline {
  readonly training: SteppedTraining;
  /** The last step that was ever done. */
  readonly furthest: number;
  /**
   * Goes towards a step, for about so many milliseconds.
   *
   * @throws LockstepError if the training diverges; it is then at the last moment that was kept
   */
  towards(step: number, milliseconds: number): Promise<void>;
}

export function timelineOf(training: SteppedTraining): Timeline {
  const moments: Moment[] = [training.capture()];
  let gap = 1;
  let furthest = 0;
  /** Steps that take about `piece`. */
  let count = 1;

  const nearest = (step: number) => moments.findLast(({ steps }) => steps <= step)!;
  const keep = () => {
    if (training.steps % gap !== 0 || training.steps <= moments.at(-1)!.steps) return;
    moments.push(training.capture());
    if (moments.length <= mostMoments) return;
    gap *= 2;
    moments.splice(0, moments.length, ...moments.filter(({ steps }) => steps % gap === 0));
  };
  const goOn = async (step: number) => {
    const next = Math.min(step, training.steps + count, (Math.floor(training.steps / gap) + 1) * gap);
    const [begun, done] = [performance.now(), next - training.steps];
    await training.advance(next);
    const each = (performance.now() - begun) / done;
    count = Math.max(1, Math.min(2 * count, Math.floor(piece / each)));
    furthest = Math.max(furthest, next);
    keep();
  };

  return {
    training,
    get furthest() {
      return furthest;
    },
    async towards(step, milliseconds) {
      const end = performance.now() + milliseconds;
      const before = nearest(step);
      if (step < training.steps || before.steps > training.steps) training.restore(before);
      try {
        while (training.steps < step) {
          await goOn(step);
          if (performance.now() > end) return;
        }
      } catch (error) {
        training.restore(nearest(training.steps));
        throw error;
      }
    },
  };
}
