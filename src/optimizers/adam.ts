import { commonFields, learningRate, momentFields, optimizer } from '../contracts/optimizer.ts';
import { runningPower } from '../foundation/exact.ts';

/**
 * Adam: steps scaled by running estimates of the gradient's mean and mean square.
 *
 *   gradient = average over the minibatch + weightDecay W
 *   m = beta1 m + (1 - beta1) gradient,  v = beta2 v + (1 - beta2) gradient^2
 *   W = W - learningRate / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Kingma and Ba, "Adam: a method for stochastic optimization", 2015. The powers are running products, so
 * their bits are the same everywhere.
 */
export const adam = optimizer({
  kind: 'adam',
  summary: 'Adam: steps scaled by running means of the gradient and its square.',
  fields: { learningRate: learningRate(0.001), ...commonFields, ...momentFields },
  slots: () => ['first moment', 'second moment'],

  build({ beta1, beta2, epsilon, weightDecay }, kernels) {
    const power1 = runningPower(beta1);
    const power2 = runningPower(beta2);
    return {
      update({ W, slots: [m, v], decays }, g, { scale, learningRate, step }) {
        kernels.adam(W, m!, v!, g, {
          scale,
          decay: decays ? weightDecay : 0,
          keep: 1,
          beta1,
          beta2,
          epsilon,
          rate: learningRate / (1 - power1(step + 1)),
          root: Math.sqrt(1 - power2(step + 1)),
        });
      },
    };
  },
});
