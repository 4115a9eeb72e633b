// Each kernel alone, on one thread, at the sizes of the five seed networks. Products are measured in billions
// of useful operations a second, beside the measured peak. Kernels that only move numbers are measured in
// billions of bytes a second.
//
// Useful operations are a multiplication and an addition for each weight and sample; in the sparse kernels,
// only for pixels or activations that are not zero. Bytes are the least that a kernel must read and write.
// Most of the data lie in the level-2 cache, as in a training.

import { columnsOf } from '../../dist/src/data/dataset.js';
import { piecesOf } from '../../dist/src/engine/update.js';
import { panelCount } from '../../dist/src/foundation/shapes.js';
import { imageLists, packedImages } from '../../dist/src/kernels/image-lists.js';
import { panelLayout } from '../../dist/src/kernels/layout.js';
import { blocksOf } from '../../dist/src/model/blocks.js';
import { planNetwork } from '../../dist/src/model/network.js';
import { chainsOfEachKind } from '../support/peak.mjs';
import { progress } from '../support/progress.mjs';
import { line } from '../support/report.mjs';
import { kernelSpace } from '../support/space.mjs';
import { percent } from '../support/table.mjs';
import { convolutions } from './convolutions.mjs';

/**
 * Inputs and units of the seed networks' dense layers: first those that read activations, then those that
 * read pixels.
 */
const denseShapes = [
  [128, 10],
  [256, 128],
  [512, 128],
  [128, 128],
  [128, 64],
  [64, 32],
];
const sparseUnits = [64, 128, 256, 512];
/**
 * The same for layers that follow a rectifier and are wide enough to skip its zeros, and the share of zeros
 * in a training.
 */
const rectifiedShapes = [
  [512, 128],
  [128, 128],
  [128, 64],
];
const rectified = 0.43;
/** Number of minibatches of images that the sparse kernels go through in turn. */
const minibatches = 16;

export async function kernels({ dataset, quick }) {
  const rounds = quick ? 5 : 25;
  const peaks = (await chainsOfEachKind()).map(({ name, operations, run }) =>
    product(`peak: ${name}`, operations, run),
  );
  const lines = [];
  for (const batch of [64, 128]) {
    progress(`kernels: batch ${batch}`);
    const calls = [
      ...products(batch),
      ...rectifiedProducts(batch),
      ...sparseProducts(batch, dataset),
      ...movements(batch, dataset),
      // About as many images as a call has in a training.
      ...(batch === 64 ? convolutions(16, dataset, product, movement) : []),
    ];
    // The peak is measured in the same rounds, because the clock of a core changes.
    measure([...peaks, ...calls], rounds);
    const [peak] = peaks.toSorted((a, b) => Math.max(...b.rates) - Math.max(...a.rates));
    const top = Math.max(...peak.rates);
    const beside = { ...peak, name: `${peak.name}, beside batch ${batch}` };
    for (const { name, work, unit, rates } of [beside, ...calls]) {
      const best = Math.max(...rates);
      const extra = unit === 'GFLOP/s' ? { 'of peak': percent(best / top) } : undefined;
      lines.push(line('kernels', name, unit, 'higher', rates, work && extra));
    }
  }
  progress('');
  return lines;
}

/** y = x W + b, dx = dy Wᵀ and dW = xᵀ dy of the dense layers. */
function products(batch) {
  const rows = { first: 0, count: batch };
  return denseShapes.flatMap(([inputs, units]) => {
    const { kernels, matrix, vector, panels, room } = kernelSpace(2 ** 19);
    const [x, y, dx, dy] = [inputs, units, inputs, units].map((columns) => matrix(batch, columns));
    const [W, b] = [panels(inputs, units, 8), vector(units)];
    const g = { offset: room(inputs * panelLayout.rowStride(units)), add: false };
    const blocks = weightBlocks(inputs, units);
    const work = 2 * batch * inputs * units;
    const size = `${batch} x ${inputs} x ${units}`;
    return [
      product(`affine ${size}`, work, () => kernels.affine(x, W, b, y, rows)),
      product(`transposed ${size}`, work, () => kernels.transposed(dy, W, dx, rows)),
      product(`outer ${size}`, work, () => {
        for (const block of blocks) kernels.outer(x, dy, rows, W, block, g);
      }),
    ];
  });
}

/** The same products with zeros in x and dy, as rectifiers make them, over several minibatches in turn. */
function rectifiedProducts(batch) {
  const rows = { first: 0, count: batch };
  return rectifiedShapes.flatMap(([inputs, units]) => {
    const { kernels, matrix, vector, panels, room } = kernelSpace(2 ** 22);
    /** Several minibatches, and the number of nonzero elements in one. */
    const halves = (columns) => {
      const matrices = Array.from({ length: minibatches }, () => matrix(batch, columns));
      let nonZero = 0;
      for (const { offset, stride } of matrices) {
        for (let row = 0; row < batch; row++) {
          for (let at = offset + row * stride, column = 0; column < columns; column++, at++) {
            // The numbers lie between -1 and 1.
            if (kernels.elements[at] < 2 * rectified - 1) kernels.elements[at] = 0;
            else nonZero++;
          }
        }
      }
      return { matrices, nonZero: nonZero / minibatches };
    };
    const [x, dy] = [halves(inputs), halves(units)];
    const [y, dx] = [matrix(batch, units), matrix(batch, inputs)];
    const [W, b] = [panels(inputs, units, 32), vector(units)];
    const g = { offset: room(inputs * panelLayout.rowStride(units)), add: false };
    const blocks = weightBlocks(inputs, units, { relu: true });
    const size = `${batch} x ${inputs} x ${units}, ${percent(rectified)} zeros`;
    return [
      product(`affineSparse ${size}`, 2 * units * x.nonZero, (i) => {
        kernels.affineSparse(x.matrices[i], W, b, y, rows);
      }),
      product(`transposedSparse ${size}`, 2 * inputs * dy.nonZero, (i) => {
        kernels.transposedSparse(dy.matrices[i], W, dx, rows);
      }),
      product(`outerSparse ${size}`, 2 * units * x.nonZero, (i) => {
        for (const block of blocks) {
          kernels.outerSparse(x.matrices[i], dy.matrices[i], rows, W, block, g);
        }
      }),
    ];
  });
}

/** The same products with images as x, without dx. */
function sparseProducts(batch, { train, features }) {
  const rows = { first: 0, count: batch };
  const pixels = columnsOf(features);
  return sparseUnits.flatMap((units) => {
    const { kernels, matrix, vector, panels, room } = kernelSpace(2 ** 23);
    let nonZero = 0;
    const inputs = Array.from({ length: minibatches }, () => matrix(batch, pixels, false));
    const packed = packedImages(minibatches * batch, pixels, room);
    kernels.images.pack(train.features.subarray(0, minibatches * batch * pixels), packed, 0);
    const samples = Array.from({ length: minibatches }, (_, i) =>
      Uint32Array.from({ length: batch }, (_, row) => i * batch + row),
    );
    for (let i = 0; i < minibatches; i++) {
      for (let row = 0; row < batch; row++) {
        const image = train.features.subarray((i * batch + row) * pixels, (i * batch + row + 1) * pixels);
        kernels.pixels(image, inputs[i], row);
        for (const pixel of image) if (pixel !== 0) nonZero++;
      }
    }
    const [W, b, y, dy] = [
      panels(pixels, units, 32),
      vector(units),
      matrix(batch, units),
      matrix(batch, units),
    ];
    const g = { offset: room(pixels * panelLayout.rowStride(units)), add: false };
    const blocks = weightBlocks(pixels, units, { sparse: true, listed: true });
    const blocksOfNumbers = weightBlocks(pixels, units, { sparse: true, listed: false });
    const work = (2 * units * nonZero) / minibatches;
    const all = { first: 0, count: panelCount(W) };
    const lists = imageLists(batch, pixels, [dy.stride], room);
    const whole = { first: 0, count: pixels };
    const size = `${batch} x ${pixels} x ${units}`;
    return [
      product(`affinePixels ${size}`, work, (i) => {
        for (let first = 0; first < batch; first += lists.rows) {
          const some = { first, count: Math.min(lists.rows, batch - first) };
          kernels.images.listRows(packed, samples[i].subarray(first, first + some.count), lists);
          kernels.images.affine(lists, W, b, y, all, some);
        }
      }),
      product(`outerPixels ${size}`, work, (i) => {
        kernels.images.listFeatures(packed, samples[i], 0, whole, lists);
        for (const block of blocks) kernels.images.outer(lists, dy, rows, W, block, g);
      }),
      product(`affineSparse ${size}`, work, (i) => kernels.affineSparse(inputs[i], W, b, y, rows)),
      product(`outerSparse ${size}`, work, (i) => {
        for (const block of blocksOfNumbers) kernels.outerSparse(inputs[i], dy, rows, W, block, g);
      }),
    ];
  });
}

/** Kernels that are bound by reading and writing, with their bytes a call. */
function movements(batch, { train, features: sample }) {
  const rows = { first: 0, count: batch };
  const pixels = columnsOf(sample);
  const columns = 128;
  const { kernels, matrix, vector, panels, room } = kernelSpace(2 ** 21);
  const [x, y, dy, dx] = [0, 0, 0, 0].map(() => matrix(batch, columns));
  const images = matrix(batch, pixels, false);
  const [mean, variance, gamma, beta, dgamma, dbeta] = [0, 0, 0, 0, 0, 0].map(() => vector(columns));
  // A variance must not be negative.
  for (let i = 0; i < columns; i++) kernels.elements[variance.offset + i] = 1;
  const by = { mean, variance, epsilon: 1e-5 };
  const features = { first: 0, count: columns };
  const matrixBytes = 4 * batch * columns;
  const [z, dz, label, loss, predicted] = [
    matrix(batch, 10),
    matrix(batch, 10),
    vector(batch),
    vector(batch),
    vector(batch),
  ];
  for (let row = 0; row < batch; row++) kernels.elements[label.offset + row] = train.targets[row];
  const g = { offset: room(columns), add: false };
  const size = `${batch} x ${columns}`;
  const key = [1, 2];
  const moved = [
    [
      `gather pixels ${batch} x ${pixels}`,
      5 * batch * pixels,
      (i) => {
        for (let row = 0; row < batch; row++) {
          const image = (i * batch + row) * pixels;
          kernels.pixels(train.features.subarray(image, image + pixels), images, row);
        }
      },
    ],
    [`relu ${size}`, 2 * matrixBytes, () => kernels.relu(x, y, rows)],
    [`reluBackward ${size}`, 3 * matrixBytes, () => kernels.reluBackward(y, dy, dx, rows)],
    [`leakyRelu ${size}`, 2 * matrixBytes, () => kernels.leakyRelu(x, y, 0.2, rows)],
    [`add (residual) ${size}`, 3 * matrixBytes, () => kernels.add(x, dy, y, rows)],
    [
      `dropout ${size}`,
      2 * matrixBytes,
      () => {
        for (let row = 0; row < batch; row++) kernels.dropout(x, y, row, { key, counter: [row, 1, 0] }, 0.5);
      },
    ],
    [`moments (batch-norm) ${size}`, 2 * matrixBytes, () => kernels.moments(x, rows, features, mean, dgamma)],
    [`normalize ${size}`, 2 * matrixBytes, () => kernels.normalize(x, by, gamma, beta, y, rows)],
    [
      `normalizeSums ${size}`,
      2 * matrixBytes,
      () => kernels.normalizeSums(x, dy, by, rows, features, dgamma, dbeta),
    ],
    [
      `normalizeBackward ${size}`,
      3 * matrixBytes,
      () => kernels.normalizeBackward(x, dy, by, gamma, dgamma, dbeta, dx, rows, batch),
    ],
    [`columnSums ${size}`, matrixBytes, () => kernels.columnSums(dy, rows, features, g)],
    [
      `softmaxCrossEntropy ${batch} x 10`,
      4 * batch * 23,
      () => kernels.softmaxCrossEntropy(z, dz, label, loss, predicted, rows),
    ],
    // Updates do not depend on the batch size.
    ...(batch === 64 ? updates(kernels, panels, room) : []),
  ];
  return moved.map((of) => movement(...of));
}

/** The optimizers on a matrix of 512 x 128 and its slots, block by block. A rate of 0 changes no weight. */
function updates(kernels, panels, room) {
  const [inputs, units] = [512, 128];
  const W = panels(inputs, units, 8);
  const slots = [panels(inputs, units, 8), panels(inputs, units, 8)];
  for (const slot of slots) kernels.elements.fill(0.01, slot.offset, slot.offset + inputs * units);
  const g = room(2 ** 15);
  const blocks = weightBlocks(inputs, units).map((range) =>
    [W, ...slots].map((tensor) => piecesOf(tensor, range)),
  );
  const size = `${inputs} x ${units}`;
  const bytes = 4 * inputs * units;
  const step = { scale: 1 / 64, learningRate: 0, weightDecay: 0.0001 };
  const adam = {
    scale: 1 / 64,
    decay: 0,
    keep: 1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    rate: 0,
    root: 1,
  };
  const overBlocks = (update) => () => {
    for (const block of blocks) update(...block);
  };
  return [
    [`sgd ${size}`, 3 * bytes, overBlocks((W) => kernels.sgd(W, g, step))],
    [`momentum ${size}`, 5 * bytes, overBlocks((W, v) => kernels.momentum(W, v, g, step, 0.9, true))],
    [`rmsprop ${size}`, 5 * bytes, overBlocks((W, v) => kernels.rmsprop(W, v, g, step, 0.99, 1e-8))],
    [`adam ${size}`, 7 * bytes, overBlocks((W, m, v) => kernels.adam(W, m, v, g, adam))],
  ];
}

function product(name, work, run) {
  return { name, work, run, unit: 'GFLOP/s' };
}

function movement(name, work, run) {
  return { name, work, run, unit: 'GB/s' };
}

/** The blocks in which a training sums and updates a weight matrix. */
function weightBlocks(inputs, units, { sparse = false, listed = false, relu = false } = {}) {
  const dense = (units) => ({ kind: 'dense', units, initializer: { kind: 'zeros' } });
  // With a layer before it, the layer is dense. With a rectifier before it, the layer skips zeros.
  const model = [...(sparse ? [] : [dense(inputs)]), ...(relu ? [{ kind: 'relu' }] : []), dense(units)];
  const { parameters } = planNetwork(model, {
    inputs: sparse ? inputs : 784,
    outputs: units,
    task: 'classes',
    packable: true,
  });
  return blocksOf(parameters.at(-2), panelLayout, { threads: 1, listed });
}

/** Measures the work a second of each call, in billions, once a round. A round gives each call about 5 ms. */
function measure(calls, rounds) {
  const time = ({ run, repeats }) => {
    const begun = performance.now();
    for (let i = 0; i < repeats; i++) run(i % minibatches);
    return (performance.now() - begun) / 1000 / repeats;
  };
  for (const call of calls) {
    call.repeats = 1;
    call.rates = [];
    // V8 compiles hot code once more. Calibration lasts until it has.
    for (let spent = 0; spent < 0.05; ) {
      const seconds = time(call);
      spent += seconds * call.repeats;
      call.repeats = Math.max(1, Math.min(call.repeats * 8, Math.round(0.005 / seconds)));
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const call of calls) call.rates.push(call.work / time(call) / 1e9);
  }
}
