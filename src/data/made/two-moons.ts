/** Two moons: half circles that reach into each other, so that no straight line divides them. */
import { cos, sin } from '../../foundation/exact.ts';
import type { Dataset } from '../dataset.ts';
import { alongCurves, checkMade, type MadeSettings } from './made.ts';

/**
 * The two moons of scikit-learn's `make_moons`: of radius 1, the upper one around (0, 0), the lower one
 * around (1, 0.5). The points of each are at equal distances along it, before noise of 0.1 is added.
 *
 *     const dataset = twoMoons({ samples: 400, noise: 0.2, seed: 3 });
 *
 * @throws TypeError or RangeError in the form `samples: expected ..., got ...`
 */
export function twoMoons(settings: MadeSettings = {}): Dataset {
  checkMade('twoMoons', settings);
  return alongCurves({ name: 'two-moons', classes: ['upper', 'lower'], noise: 0.1, point }, settings);
}

function point(label: number, i: number, count: number): readonly [x: number, y: number] {
  const angle = (Math.PI * i) / (count - 1);
  return label === 0 ? [cos(angle), sin(angle)] : [1 - cos(angle), 0.5 - sin(angle)];
}
