/** Updates of blocks of parameters, in float64. */
import type { Kernels, Pieces } from '../../kernels.ts';

type Updates = Pick<Kernels, 'sumOfSquares' | 'takeLines' | 'sgd' | 'momentum' | 'rmsprop' | 'adam'>;

export function updates(m: Float64Array): Updates {
  /** Calls back with every element of a block of a parameter, and its place in the gradient block. */
  const eachElement = (W: Pieces, visit: (at: number, i: number) => void) => {
    for (let run = 0; run < W.runs; run++) {
      for (let i = 0; i < W.length; i++) visit(run * W.stride + i, run * W.length + i);
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
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        m[W.offset + at] = w - learningRate * (m[g + i]! * scale + weightDecay * w);
      });
    },
    momentum(W, v, g, { scale, learningRate, weightDecay }, mu, nesterov) {
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        const gradient = m[g + i]! * scale + weightDecay * w;
        const velocity = mu * m[v.offset + at]! + gradient;
        m[v.offset + at] = velocity;
        m[W.offset + at] = w - learningRate * (nesterov ? gradient + mu * velocity : velocity);
      });
    },
    rmsprop(W, v, g, { scale, learningRate, weightDecay }, rho, epsilon) {
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        const gradient = m[g + i]! * scale + weightDecay * w;
        const square = rho * m[v.offset + at]! + (1 - rho) * gradient * gradient;
        m[v.offset + at] = square;
        m[W.offset + at] = w - (learningRate * gradient) / (Math.sqrt(square) + epsilon);
      });
    },
    adam(W, first, second, g, { scale, decay, keep, beta1, beta2, epsilon, rate, root }) {
      eachElement(W, (at, i) => {
        const w = m[W.offset + at]!;
        const gradient = m[g + i]! * scale + decay * w;
        const mean = beta1 * m[first.offset + at]! + (1 - beta1) * gradient;
        const square = beta2 * m[second.offset + at]! + (1 - beta2) * gradient * gradient;
        m[first.offset + at] = mean;
        m[second.offset + at] = square;
        m[W.offset + at] = keep * w - (rate * mean) / (Math.sqrt(square) / root + epsilon);
      });
    },
  };
}
