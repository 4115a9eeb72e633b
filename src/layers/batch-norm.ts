import { layer } from '../contracts/layer.ts';
import { type Range, roundUp, type Vector } from '../foundation/shapes.ts';
import type { GradientBlock, Kernels } from '../kernels/kernels.ts';

/**
 * Batch normalisation: each feature gets y = gamma xhat + beta, xhat = (x - mean) / sqrt(variance + epsilon).
 *
 * Of feature maps, which a convolution or a pool made, a feature is a channel: its numbers are those of all
 * rows and all places. Of samples and vectors it is a column.
 *
 * In training, mean and (biased) variance are those of the whole minibatch. The running ones follow them, the
 * variance unbiased: running = (1 - momentum) running + momentum batch. Evaluation uses the running ones.
 *
 * With dgamma = sum of dy xhat and dbeta = sum of dy over the n numbers of a feature,
 * dx = gamma / sqrt(variance + epsilon) (dy - dbeta / n - xhat dgamma / n).
 * Ioffe, Szegedy, "Batch normalization", 2015; momentum as in torch.nn.BatchNorm1d and 2d.
 */
export const batchNorm = layer({
  kind: 'batch-norm',
  summary: 'Batch normalisation: gives each feature mean 0, variance 1 in the minibatch; y = gamma x + beta.',
  learns: true,
  fields: {
    momentum: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.1,
      description: 'Share of the minibatch in the running mean and variance, which evaluation uses.',
    },
    epsilon: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-5,
      description: 'Added to the variance.',
    },
  },

  plan(_config, { inputs, shape, maps }) {
    const length = shape && maps ? shape.channels : inputs;
    const rest = { role: 'norm', fanIn: length, fanOut: length } as const;
    return {
      outputs: inputs,
      shape: 'kept',
      parameters: [
        { name: 'gamma', shape: [length], initializer: { kind: 'ones' }, ...rest },
        { name: 'beta', shape: [length], initializer: { kind: 'zeros' }, ...rest },
      ],
      state: [
        { name: 'runningMean', length, initial: 0 },
        { name: 'runningVariance', length, initial: 1 },
      ],
      statistics: ['mean', 'variance', 'dgamma', 'dbeta'].map((name) => ({ name, length })),
      reads: { x: true, y: false },
      inPlace: false,
      flops: 4 * inputs,
    };
  },

  build({ momentum, epsilon }, { kernels, x, y, dy, dx, parameters, state, statistics, training }) {
    const gamma = parameters.gamma as Vector;
    const beta = parameters.beta as Vector;
    const { runningMean, runningVariance } = state as Record<'runningMean' | 'runningVariance', Vector>;
    const { mean, variance, dgamma, dbeta } = statistics as Record<
      'mean' | 'variance' | 'dgamma' | 'dbeta',
      Vector
    >;
    const by = training
      ? { mean, variance, epsilon }
      : { mean: runningMean, variance: runningVariance, epsilon };
    /** Numbers of a feature in each row. */
    const places = x.columns / gamma.length;
    // Of constant mean and variance, dx = gamma / sqrt(variance + epsilon) dy: as with sums that are zero.
    if (!training && dy) for (const sums of [dgamma, dbeta]) clear(kernels, sums);
    return {
      statistics: {
        forward(features, rows) {
          kernels.moments(x, rows, features, mean, variance);
          // A single number has no unbiased variance.
          const numbers = rows.count * places;
          const unbiased = numbers > 1 ? numbers / (numbers - 1) : 1;
          kernels.movingAverage(runningMean, mean, features, momentum, 1);
          kernels.movingAverage(runningVariance, variance, features, momentum, unbiased);
        },
        backward: (features, rows) => kernels.normalizeSums(x, dy!, by, rows, features, dgamma, dbeta),
      },
      forward: (rows) => kernels.normalize(x, by, gamma, beta, y, rows),
      backward: (rows, batch) =>
        kernels.normalizeBackward(x, dy!, by, gamma, dgamma, dbeta, dx!, rows, batch.count * places),
      gradients: {
        gamma: (block, _rows, g) => take(kernels, dgamma, block, g),
        beta: (block, _rows, g) => take(kernels, dbeta, block, g),
      },
    };
  },
});

function clear({ elements }: Kernels, { offset, length }: Vector): void {
  elements.fill(0, offset, offset + length);
}

/** The statistics phase made the sums over all rows. The first cut takes them, the others add nothing. */
function take({ elements }: Kernels, sums: Vector, block: Range, g: GradientBlock): void {
  const first = sums.offset + block.first;
  if (!g.add) elements.copyWithin(g.offset, first, first + roundUp(block.count, 4));
}
