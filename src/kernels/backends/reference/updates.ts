/** Updates of blocks of parameters, in float64. */
import type { Pieces } from '../../interface/blocks.ts';
import type { UpdateKernels } from '../../interface/updates.ts';

export function updates(m: Float64Array): UpdateKernels {
  /**
   * Calls back for each element of a block W: its place from W.offset, its value and its average gradient.
   */
  const each = (
    W: Pieces,
    g: number,
    scale: number,
    decay: number,
    visit: (at: number, w: number, gradient: number) => void,
  ) => {
    for (let run = 0; run < W.runs; run++) {
      for (let i = 0; i < W.length; i++) {
        const at = run * W.stride + i;
        const w = m[W.offset + at]!;
        visit(at, w, m[g + run * W.length + i]! * scale + decay * w);
      }
    }
  };

  return {
    sumOfSquares(g, length) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += m[g + i]! * m[g + i]!;
      return sum;
    },
    takeLines() {},
    sgd(W, g, { scale, learningRate, weightDecay }) {
      each(W, g, scale, weightDecay, (at, w, gradient) => {
        m[W.offset + at] = w - learningRate * gradient;
      });
    },
    momentum(W, v, g, { scale, learningRate, weightDecay }, mu, nesterov) {
      each(W, g, scale, weightDecay, (at, w, gradient) => {
        const velocity = mu * m[v.offset + at]! + gradient;
        m[v.offset + at] = velocity;
        m[W.offset + at] = w - learningRate * (nesterov ? gradient + mu * velocity : velocity);
      });
    },
    rmsprop(W, v, g, { scale, learningRate, weightDecay }, rho, epsilon) {
      each(W, g, scale, weightDecay, (at, w, gradient) => {
        const square = rho * m[v.offset + at]! + (1 - rho) * gradient * gradient;
        m[v.offset + at] = square;
        m[W.offset + at] = w - (learningRate * gradient) / (Math.sqrt(square) + epsilon);
      });
    },
    adam(W, first, second, g, { scale, decay, keep, beta1, beta2, epsilon, rate, root }) {
      each(W, g, scale, decay, (at, w, gradient) => {
        const mean = beta1 * m[first.offset + at]! + (1 - beta1) * gradient;
        const square = beta2 * m[second.offset + at]! + (1 - beta2) * gradient * gradient;
        m[first.offset + at] = mean;
        m[second.offset + at] = square;
        m[W.offset + at] = keep * w - (rate * mean) / (Math.sqrt(square) / root + epsilon);
      });
    },
  };
}
