import { units } from '../contracts/fields.ts';
import { layer } from '../contracts/layer.ts';
import { type Block, type PanelMatrix, panelCount, type Range, type Vector } from '../foundation/shapes.ts';
import type { GradientBlock } from '../kernels/kernels.ts';

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
  fields: {
    units,
    initializer: {
      $ref: '#/$defs/initializer',
      default: { kind: 'he-normal' },
      description: 'How W starts; b starts at zero.',
    },
  },

  plan({ units, initializer }, { inputs, classes }) {
    const outputs = units === 'classes' ? classes : units;
    const fans = { fanIn: inputs, fanOut: outputs };
    return {
      outputs,
      parameters: [
        { name: 'W', shape: [inputs, outputs], initializer, role: 'weight', ...fans },
        { name: 'b', shape: [outputs], initializer: { kind: 'zeros' }, role: 'bias', ...fans },
      ],
      reads: { x: true, y: false },
      readsPixels: true,
      inPlace: false,
      flops: 2 * inputs * outputs,
    };
  },

  build(_config, { kernels, x, y, dy, dx, parameters, lists }) {
    const W = parameters.W as PanelMatrix;
    const b = parameters.b as Vector;
    type Sum = (block: Block, rows: Range, g: GradientBlock) => void;
    const gradients = (ofW: Sum) => ({
      W: ofW,
      b: (block: Block, rows: Range, g: GradientBlock) => kernels.columnSums(dy!, rows, block, g),
    });
    const sparse = W.width === 32;
    const transposed = sparse ? kernels.transposedSparse : kernels.transposed;
    const backward = (rows: Range) => transposed(dy!, W, dx!, rows);
    if (lists) {
      const panels = { first: 0, count: panelCount(W) };
      const images = kernels.images!;
      const forward = (columns: Range, rows: Range) => images.affine(lists, W, b, y, columns, rows);
      return {
        forward: (rows) => forward(panels, rows),
        columns: { panels: panels.count, forward },
        backward,
        gradients: gradients((block, rows, g) => images.outer(lists, dy!, rows, W, block, g)),
      };
    }
    const [affine, outer] = sparse
      ? [kernels.affineSparse, kernels.outerSparse]
      : [kernels.affine, kernels.outer];
    return {
      forward: (rows) => affine(x, W, b, y, rows),
      backward,
      gradients: gradients((block, rows, g) => outer(x, dy!, rows, W, block, g)),
    };
  },
});
