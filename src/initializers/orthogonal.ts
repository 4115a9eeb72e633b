import { initializer } from '../contracts/initializer.ts';
import type { Stream } from '../foundation/random.ts';

/**
 * Random orthogonal: `gain` times a matrix whose columns (or rows, if there are fewer of them) are perpendicular to each
 * other and have length 1, every such matrix equally likely (Haar measure). A product of such layers neither stretches
 * nor shrinks what goes through it.
 *
 * Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.
 */
export const orthogonal = initializer({
  kind: 'orthogonal',
  summary: 'Random orthogonal: perpendicular columns, or rows, of one length.',
  fields: {
    gain: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'Length of each column, or row; 1.414 makes up for a rectifier.',
    },
  },
  build({ gain }, { rows, columns }, random) {
    const long = Math.max(rows, columns);
    const vectors = orthonormal(Math.min(rows, columns), long, random);
    let next = 0;
    return () => {
      const at = next++;
      // Row-major: the vectors are the rows of a wide matrix, the columns of a tall one.
      const place = columns === long ? at : (at % columns) * long + Math.floor(at / columns);
      return gain * vectors[place]!;
    };
  },
});

/**
 * `count` orthonormal vectors of `length` >= count numbers, one after the other: the columns Q of the factorisation Q R of
 * a matrix of normal numbers, R with a positive diagonal.
 *
 * That matrix is never made. Householder's method reflects away its columns one by one, and what a reflection leaves of
 * the next column is again independent normal numbers, one fewer each time; so the reflections can be drawn outright,
 * and only their product has to be formed (Stewart, "The efficient generation of random orthogonal matrices with an
 * application to condition estimators", 1980). Half the work of a factorisation, and orthogonal to rounding.
 */
function orthonormal(count: number, length: number, random: Stream): Float64Array {
  // Vector k: before element k the unit matrix, from there on x, of which the reflection is made.
  const drawn = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: length - k }, random.normal),
  );
  const vectors = new Float64Array(count * length);
  // From the last reflection to the first, each vector has zeros where it has not been touched yet.
  for (let k = count - 1; k >= 0; k--) {
    const v = drawn[k]!;
    const norm = Math.sqrt(dot(v, v, 0));
    // H = 1 - 2 v vᵀ / vᵀv with v = x + sign(x0) |x| e0 takes x to -sign(x0) |x| e0: column k of Q has that sign.
    const sign = v[0]! < 0 ? -1 : 1;
    v[0]! += sign * norm;
    const scale = 2 / dot(v, v, 0);
    vectors[k * length + k] = -sign;
    for (let j = k; j < count; j++) {
      const start = j * length + k;
      subtract(scale * dot(v, vectors, start), v, vectors, start);
    }
  }
  return vectors;
}

// Loops by four: a sum in one part would wait for each addition, and V8 checks bounds less often. Measured on a Zen 4
// core, the product for 784 x 1024 takes 0.46 s instead of 0.61 (and drawing its numbers 0.09).

/** v · w, w from `start` on. */
function dot(v: Float64Array, w: Float64Array, start: number): number {
  const whole = v.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += v[i]! * w[start + i]!;
    b += v[i + 1]! * w[start + i + 1]!;
    c += v[i + 2]! * w[start + i + 2]!;
    d += v[i + 3]! * w[start + i + 3]!;
  }
  for (let i = whole; i < v.length; i++) a += v[i]! * w[start + i]!;
  return a + b + (c + d);
}

/** w -= factor v, w from `start` on. */
function subtract(factor: number, v: Float64Array, w: Float64Array, start: number): void {
  const whole = v.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    w[start + i]! -= factor * v[i]!;
    w[start + i + 1]! -= factor * v[i + 1]!;
    w[start + i + 2]! -= factor * v[i + 2]!;
    w[start + i + 3]! -= factor * v[i + 3]!;
  }
  for (let i = whole; i < v.length; i++) w[start + i]! -= factor * v[i]!;
}
