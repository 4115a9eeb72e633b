import { initializer } from '../contracts/initializer.ts';
import type { Stream } from '../foundation/random.ts';

/**
 * Random orthogonal: `gain` times a matrix whose columns (or rows, if there are fewer rows) are orthonormal.
 * Every such matrix is equally likely (Haar measure). A product of such layers neither stretches nor shrinks
 * its input.
 *
 * Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", 2014.
 */
export const orthogonal = initializer({
  kind: 'orthogonal',
  summary: 'Random orthogonal: perpendicular columns (or rows) of equal length.',
  fields: {
    gain: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'Length of each column (or row); 1.414 compensates for a rectifier.',
    },
  },
  build({ gain }, { rows, columns }, random) {
    const long = Math.max(rows, columns);
    const vectors = orthonormal(Math.min(rows, columns), long, random);
    let next = 0;
    return () => {
      const at = next++;
      // Row-major. The vectors are the rows of a wide matrix, or the columns of a tall one.
      const place = columns === long ? at : (at % columns) * long + Math.floor(at / columns);
      return gain * vectors[place]!;
    };
  },
});

/**
 * `count` orthonormal vectors of `length` >= count numbers, one after the other. They are the columns of Q in
 * the factorisation Q R of a matrix of normal numbers, R with a positive diagonal.
 *
 * That matrix is never made. Householder's method reflects away its columns one by one, and each reflection
 * leaves independent normal numbers in the next column, one fewer each time. So the reflections can be drawn
 * directly, and only their product is computed (Stewart, "The efficient generation of random orthogonal
 * matrices with an application to condition estimators", 1980). That is half the work of a factorisation, and
 * Q is orthogonal to rounding.
 */
function orthonormal(count: number, length: number, random: Stream): Float64Array {
  // Vector k holds zeros before element k, and from there on the x of its reflection.
  const drawn = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: length - k }, random.normal),
  );
  const vectors = new Float64Array(count * length);
  // From the last reflection to the first, so that vectors are zero where no reflection has reached them yet.
  for (let k = count - 1; k >= 0; k--) {
    const v = drawn[k]!;
    const norm = Math.sqrt(dot(v, v, 0));
    // H = 1 - 2 v vᵀ / vᵀv with v = x + sign(x0) |x| e0 takes x to -sign(x0) |x| e0, which is the sign of
    // column k of Q.
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

// Both loops take four elements at a time. A single sum would wait for each addition, and V8 checks bounds
// less often this way. On a Zen 4 core, the product for 784 x 1024 takes 0.46 s instead of 0.61, and drawing
// its numbers another 0.09 s.

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
