import { units } from '../contracts/fields.ts';
import { layer } from '../contracts/layer.ts';
import type { PanelMatrix, Vector } from '../foundation/shapes.ts';

/**
 * A fully connected layer: y = x W + b. x (rows, inputs), W (inputs, units), b (units), y (rows, units)
 *
 * With the loss L of the minibatch and dy = dL/dy, the chain rule gives, sample by sample,
 * dx = dy Wᵀ, and summed over the samples dW = xᵀ dy and db = the column sums of dy
 * (Goodfellow, Bengio, Courville, "Deep Learning", 2016, section 6.5.6).
 */
export const dense = layer({
  kind: 'dense',
  summary: 'Fully connected: y = x W + b.',
  learns: true,
  fields: {
    units,
    initializer: {
      $ref: '#/$defs/initializer',
      default: { kind: 'he-normal' },
      description: 'How W starts; b starts at zero.',
    },
  },

  plan({ units, initializer }, { inputs, targets }) {
    const outputs = typeof units === 'number' ? units : targets;
    const fans = { fanIn: inputs, fanOut: outputs };
    return {
      outputs,
      parameters: [
        { name: 'W', shape: [inputs, outputs], initializer, role: 'weight', ...fans },
        { name: 'b', shape: [outputs], initializer: { kind: 'zeros' }, role: 'bias', ...fans },
      ],
      reads: { x: 'operand', y: false },
      inPlace: false,
      flops: 2 * inputs * outputs,
    };
  },

  build(_config, { kernels, operand: x, y, dy, dx, parameters }) {
    const { W, b } = parameters as { W: PanelMatrix; b: Vector };
    return {
      forward: (rows, panels) => x.affine(W, b, y, rows, panels),
      backward: (rows, _batch, columns) => x.transposed(dy!, W, dx!, rows, columns),
      gradients: {
        W: (block, rows, g) => x.outer(dy!, rows, W, block, g),
        b: (block, rows, g) => kernels.columnSums(dy!, rows, block, g),
      },
    };
  },
});
