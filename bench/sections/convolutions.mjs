// The convolutions and pools of LeNet-5, and of networks of 32 and 64 channels, for the kernels section.
//
// Operations are a multiplication and an addition for each weight and place, as others count them: also for
// the padding, and for the black pixels that a first layer sees, which are left out.
import { numbersOf } from '../../dist/src/foundation/window.js';
import { convolutionRoom } from '../../dist/src/kernels/convolution-room.js';
import { panelLayout } from '../../dist/src/kernels/layout.js';
import { blocksOf } from '../../dist/src/model/blocks.js';
import { kernelSpace } from '../support/space.mjs';
import { percent } from '../support/table.mjs';

/** Share of zeros, about, in the gradient of what a rectifier and a max-pool of 2 x 2 have seen. */
const zeros = 0.82;

const shapes = [
  { name: 'LeNet 1', side: 28, channels: [1, 6], size: 5, padding: 2, first: true },
  { name: 'LeNet 2', side: 14, channels: [6, 16], size: 5, padding: 0, pooled: true },
  { name: 'first', side: 28, channels: [1, 32], size: 3, padding: 1, first: true },
  { name: '', side: 28, channels: [32, 64], size: 3, padding: 1, pooled: true },
  { name: '', side: 14, channels: [32, 64], size: 3, padding: 1, pooled: true },
  { name: 'strided', side: 14, channels: [32, 64], size: 3, padding: 1, stride: 2 },
  { name: 'depthwise', side: 14, channels: [64, 64], size: 3, padding: 1, groups: 64 },
];
const poolShapes = [
  { side: 28, channels: 6 },
  { side: 28, channels: 32 },
  { side: 14, channels: 64 },
];

/**
 * Convolutions of so many images; `product` and `movement` make a call of the section of them. First layers
 * see the images of the data set.
 */
export function convolutions(batch, { train }, product, movement) {
  return [
    ...shapes.flatMap((shape) => products(batch, train.features, shape, product)),
    ...poolShapes.flatMap((shape) => pools(batch, shape, movement)),
  ];
}

function windowOf({ side, channels, size, stride = 1, padding = 0, groups = 1 }) {
  const places = Math.floor((side + 2 * padding - size) / stride) + 1;
  return {
    input: { height: side, width: side, channels: channels[0] },
    output: { height: places, width: places, channels: channels[1] },
    kernel: [size, size],
    stride: [stride, stride],
    dilation: [1, 1],
    before: [padding, padding],
    groups,
  };
}

function products(batch, images, shape, product) {
  const window = windowOf(shape);
  const { input, output, kernel, groups } = window;
  const taps = kernel[0] * kernel[1];
  const inputs = (taps * input.channels) / groups;
  const { rowStride } = panelLayout;
  const rowsSize = batch * (2 * rowStride(numbersOf(input)) + 3 * rowStride(numbersOf(output)));
  const restSize = 4 * inputs * (output.channels + 64) + 2 ** 14;
  const { kernels, matrix, vector, panels, room } = kernelSpace(
    rowsSize + restSize + convolutionRoom(window),
  );
  const [x, dx] = [0, 0].map(() => matrix(batch, numbersOf(input)));
  const [y, dy] = [0, 0].map(() => matrix(batch, numbersOf(output)));
  if (shape.first) {
    const pixels = numbersOf(input);
    for (let row = 0; row < batch; row++) {
      kernels.pixels(images.subarray(row * pixels, (row + 1) * pixels), x, row);
    }
  }
  const [W, b] = [panels(inputs, output.channels, 8), vector(output.channels)];
  const g = { offset: room(inputs * (output.channels + 8)), add: false };
  const at = room(convolutionRoom(window));
  // Those of a training with two threads.
  const shapeOfW = [...kernel, input.channels / groups, output.channels];
  const use = { threads: 2, listed: false };
  const blocks = blocksOf({ shape: shapeOfW, format: 'dense', cost: taps }, panelLayout, use);
  const work = 2 * batch * numbersOf(output) * inputs;
  const places = `${shape.side} x ${shape.side}, ${shape.size} x ${shape.size}`;
  const size = `${batch} x ${places}, ${shape.channels.join(' -> ')}${shape.name && ` (${shape.name})`}`;
  const rows = { first: 0, count: batch };
  const weights = (dy) => () => {
    for (const block of blocks) kernels.convolveWeights(x, dy, rows, W, block, g, window, at);
  };
  const sparse = matrix(batch, numbersOf(output));
  for (let i = sparse.offset; i < sparse.offset + batch * sparse.stride; i++) {
    // The numbers lie between -1 and 1.
    if (kernels.elements[i] < 2 * zeros - 1) kernels.elements[i] = 0;
  }
  const backward = (dy) => () => kernels.convolveBackward(dy, W, dx, window, rows, at);
  const behind = `${size}, dy ${percent(zeros)} zeros`;
  return [
    product(`convolve ${size}`, work, () => kernels.convolve(x, W, b, y, window, rows, at)),
    // Nothing needs the gradient of the images.
    ...(shape.first ? [] : [product(`convolveBackward ${size}`, work, backward(dy))]),
    product(`convolveWeights ${size}`, work, weights(dy)),
    ...(shape.pooled
      ? [
          product(`convolveBackward ${behind}`, work, backward(sparse)),
          product(`convolveWeights ${behind}`, work, weights(sparse)),
        ]
      : []),
  ];
}

/** Pools of 2 x 2 places. */
function pools(batch, { side, channels }, movement) {
  const window = { ...windowOf({ side, channels: [channels, channels], size: 2, stride: 2 }) };
  const { rowStride } = panelLayout;
  const rowsSize = 2 * batch * (rowStride(numbersOf(window.input)) + rowStride(numbersOf(window.output)));
  const { kernels, matrix } = kernelSpace(rowsSize + 2 ** 10);
  const [x, dx] = [0, 0].map(() => matrix(batch, numbersOf(window.input)));
  const [y, dy] = [0, 0].map(() => matrix(batch, numbersOf(window.output)));
  const rows = { first: 0, count: batch };
  const bytes = 4 * batch * numbersOf(window.output);
  const size = `${batch} x ${side} x ${side} x ${channels}`;
  return [
    movement(`maxPool ${size}`, 5 * bytes, () => kernels.maxPool(x, y, window, rows)),
    movement(`maxPoolBackward ${size}`, 9 * bytes, () => kernels.maxPoolBackward(x, dy, dx, window, rows)),
    movement(`averagePool ${size}`, 5 * bytes, () => kernels.averagePool(x, y, window, rows)),
  ];
}
