import { layer } from '../contracts/layer.ts';
import { type Matrix, type Range, roundUp, type Vector } from '../foundation/shapes.ts';
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
      rounds: { forward: 2, backward: 1, sums: 2 },
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
    /** The running figures follow those of the minibatch. */
    const follow = (features: Range, rows: Range) => {
      // A single number has no unbiased variance.
      const numbers = rows.count * places;
      const unbiased = numbers > 1 ? numbers / (numbers - 1) : 1;
      kernels.movingAverage(runningMean, mean, features, momentum, 1);
      kernels.movingAverage(runningVariance, variance, features, momentum, unbiased);
    };
    // Of constant mean and variance, dx = gamma / sqrt(variance + epsilon) dy: as with sums that are zero.
    if (!training && dy) for (const sums of [dgamma, dbeta]) clear(kernels, sums);
    return {
      statistics: {
        forward(features, rows) {
          kernels.moments(x, rows, features, mean, variance);
          follow(features, rows);
        },
        backward: (features, rows) => kernels.normalizeSums(x, dy!, by, rows, features, dgamma, dbeta),
        shared: {
          forward: [
            {
              sums: 1,
              sum: (features, cut, { offset }) =>
                sumOfFeatures(kernels, x, mean, cut, features, offset + features.first),
              finish: (features, { offset }, rows) =>
                kernels.divideTotals(offset + features.first, features, rows.count * places, mean),
            },
            {
              sums: 1,
              sum: (features, cut, { offset }) =>
                kernels.centredSquares(x, mean, cut, features, offset + features.first),
              finish(features, { offset }, rows) {
                kernels.divideTotals(offset + features.first, features, rows.count * places, variance);
                follow(features, rows);
              },
            },
          ],
          backward: [
            {
              sums: 2,
              sum(features, cut, { offset, stride }) {
                const at = offset + features.first;
                kernels.centredProducts(x, dy!, mean, cut, features, at);
                sumOfFeatures(kernels, dy!, mean, cut, features, at + stride);
              },
              finish(features, { offset, stride }) {
                const at = offset + features.first;
                kernels.scaleTotals(at, by, features, dgamma);
                copy(kernels, at + stride, dbeta.offset + features.first, features);
              },
            },
          ],
        },
      },
      forward: (rows) => kernels.normalize(x, by, gamma, beta, y, rows),
      backward: (rows, batch) =>
        kernels.normalizeBackward(x, dy!, by, gamma, dgamma, dbeta, dx!, rows, batch.count * places),
      gradients: {
        gamma: (block, rows, g) => take(kernels, dgamma, block, rows, g),
        beta: (block, rows, g) => take(kernels, dbeta, block, rows, g),
      },
    };
  },
});

function clear({ elements }: Kernels, { offset, length }: Vector): void {
  elements.fill(0, offset, offset + length);
}

/** to = the sums of these features over the rows of a cut. */
function sumOfFeatures(
  { columnSums, channelSums }: Kernels,
  x: Matrix,
  { length }: Vector,
  cut: Range,
  features: Range,
  to: number,
): void {
  const g = { offset: to, add: false };
  if (x.columns > length) channelSums(x, length, cut, features, g);
  else columnSums(x, cut, features, g);
}

function copy({ elements }: Kernels, from: number, to: number, { count }: Range): void {
  elements.copyWithin(to, from, from + roundUp(count, 4));
}

/**
 * The statistics phase made the sums over all rows. The first cut takes them, the others add nothing: -0,
 * with which every number stays what it is, 0 and -0 too.
 */
function take({ elements }: Kernels, sums: Vector, block: Range, rows: Range, g: GradientBlock): void {
  const first = sums.offset + block.first;
  const count = roundUp(block.count, 4);
  if (rows.first > 0 && !g.add) elements.fill(-0, g.offset, g.offset + count);
  else if (!g.add) elements.copyWithin(g.offset, first, first + count);
}
