/** Spirals: arms that wind around the middle, a class for each. A small network has to work for them. */
import { madeLimits } from '../../experiment/data-settings.ts';
import { checkWhole } from '../../foundation/check.ts';
import { cos, sin } from '../../foundation/exact.ts';
import type { Dataset } from '../dataset.ts';
import { alongCurves, checkMade, checkNumber, type MadeSettings } from './made.ts';

export interface SpiralSettings extends MadeSettings {
  /** How often an arm winds around the middle: 1.5. */
  turns?: number;
  /** Arms, which are the classes: 2. */
  arms?: number;
}

/**
 * Spirals of Archimedes, from the middle to radius 1. The points of an arm lie denser towards its end, so
 * that they fill the disc evenly, before noise of 0.03 is added.
 *
 *     const dataset = spirals({ arms: 3, turns: 1 });
 *
 * @throws TypeError or RangeError in the form `turns: expected ..., got ...`
 */
export function spirals(settings: SpiralSettings = {}): Dataset {
  checkMade('spirals', settings, ['turns', 'arms']);
  const { turns = 1.5, arms = 2, ...made } = settings;
  checkNumber('turns', turns, madeLimits.turns.least, madeLimits.turns.most);
  checkWhole('arms', arms, madeLimits.arms.fewest, madeLimits.arms.most);
  const classes = Array.from({ length: arms }, (_, arm) => `arm ${arm + 1}`);
  const point = (arm: number, i: number, count: number) => {
    const radius = Math.sqrt((i + 1) / count);
    const angle = 2 * Math.PI * (turns * radius + arm / arms);
    return [radius * cos(angle), radius * sin(angle)] as const;
  };
  return alongCurves({ name: 'spirals', classes, noise: 0.03, point }, made);
}
