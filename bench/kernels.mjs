// Billions of useful floating-point operations a second of each kernel, one thread, at the sizes it meets when
// it trains the usual networks on minibatches of MNIST. Build first.
//
//   node bench/kernels.mjs [--layers 784-128-10] [--batch 64] [--rounds 15] [--json]
//
// Useful means: a multiplication and an addition for each weight and sample, of the sparse kernels only where
// the pixel is not zero; for each element 1 operation in relu, 2 in leaky-relu, and those of the formula in the
// updates. The kernels are called as a step of the training calls them, over weights and activations where they
// lie then, on 16 minibatches in turn; the figures are the best and the median of the rounds.
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { readExperiment } from '../dist/src/experiment/read.js';
import { rowStride } from '../dist/src/foundation/shape.js';
import { createWasm, wasmKernels } from '../dist/src/kernels/wasm.js';
import { rowsPerBlock } from '../dist/src/memory-map.js';
import { openDataset } from '../dist/src/open-dataset.js';
import { piecesOf } from '../dist/src/step.js';
import { planTraining } from '../dist/src/task.js';
import { initializeWeights } from '../dist/src/weights.js';

const { values: options } = parseArgs({
  options: {
    layers: { type: 'string' },
    batch: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
});
const networks =
  options.layers || options.batch
    ? [[options.layers ?? '784-128-10', Number(options.batch ?? 64)]]
    : [
        ['784-128-10', 64],
        ['784-512-128-64-10', 128],
      ];
const rounds = Number(options.rounds);
const minibatches = 16;
const dataset = await openDataset('mnist');
const pixels = dataset.height * dataset.width;

/** Every kernel of one network: its name, operations a call, and the call, for minibatch `i`. */
function kernelsOf(layers, batch) {
  const widths = layers.split('-').map(Number);
  const model = widths.slice(1).flatMap((units) => [{ kind: 'dense', units }, 'relu']);
  const { experiment } = readExperiment(
    JSON.stringify({
      data: { validation: 0 },
      model: model.slice(0, -1),
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
      batchSize: batch,
      epochs: 1,
    }),
    { file: 'bench/kernels.mjs', name: 'kernels' },
  );
  const data = { ...dataset, inputs: pixels, validation: new Uint32Array() };
  const { network, map } = planTraining(experiment, data, 1);
  const stride = rowStride(pixels);
  const widest = Math.max(...widths.slice(1));
  const inputElements = minibatches * batch * stride;
  const program = createWasm(map.elements + inputElements + batch * rowStride(widest));
  // For results that no other kernel reads. (batch, widest)
  const spare = { offset: map.elements + inputElements, columns: widest, stride: rowStride(widest) };
  const { scratch, gradient } = map.threads[0];
  const kernels = wasmKernels(program, scratch);
  const { elements } = kernels;
  initializeWeights(elements, network.parameters, map.parameters, 1);

  const rows = { first: 0, count: batch };
  let nonZero = 0;
  const inputs = Array.from({ length: minibatches }, (_, i) => {
    const x = { offset: map.elements + i * batch * stride, columns: pixels, stride };
    for (let row = 0; row < batch; row++) {
      const image = dataset.train.images.subarray((i * batch + row) * pixels, (i * batch + row + 1) * pixels);
      kernels.pixels(image, x, row);
      for (const pixel of image) if (pixel !== 0) nonZero++;
    }
    return x;
  });
  for (let row = 0; row < batch; row++) elements[map.label.offset + row] = dataset.train.labels[row];

  // In the order of a step: every call finds what the calls before it left. A layer's gradients come last first.
  const forwards = [];
  const backwards = [];
  forwards.push([
    `pixels ${batch} x ${pixels}`,
    batch * pixels,
    (i) => {
      for (let row = 0; row < batch; row++) {
        const image = (i * batch + row) * pixels;
        kernels.pixels(dataset.train.images.subarray(image, image + pixels), inputs[i], row);
      }
    },
  ]);
  for (const { config, x, y, parameters, sparse } of network.nodes) {
    const [values, dx, dy] = [map.values[y], map.gradients[x], map.gradients[y]];
    const { columns } = values;
    const xOf = (i) => (x === 0 ? inputs[i] : map.values[x]);
    if (config.kind === 'relu') {
      const [size, count] = [`${batch} x ${columns}`, batch * columns];
      forwards.push(
        [`relu ${size}`, count, (i) => kernels.relu(xOf(i), values, rows)],
        [`leakyRelu ${size}`, 2 * count, (i) => kernels.leakyRelu(xOf(i), spare, 0.01, rows)],
      );
      backwards.unshift(
        [`reluBackward ${size}`, count, () => kernels.reluBackward(values, dy, dx, rows)],
        [
          `leakyReluBackward ${size}`,
          2 * count,
          () => kernels.leakyReluBackward(values, dy, spare, 0.01, rows),
        ],
      );
      continue;
    }
    const [W, b] = parameters.map((parameter) => map.parameters[parameter]);
    const size = `${batch} x ${W.rows} x ${columns}`;
    const products = 2 * columns * (sparse ? nonZero / minibatches : batch * W.rows);
    const [affine, outer] = sparse ? ['affineSparse', 'outerSparse'] : ['affine', 'outer'];
    forwards.push([`${affine} ${size}`, products, (i) => kernels[affine](xOf(i), W, b, values, rows)]);

    const rowsOfBlock = rowsPerBlock(network.parameters[parameters[0]]);
    const blocks = Array.from({ length: Math.ceil(W.rows / rowsOfBlock) }, (_, block) => {
      const first = block * rowsOfBlock;
      const range = { first, count: Math.min(rowsOfBlock, W.rows - first) };
      return { range, W: piecesOf(W, range), v: piecesOf(map.slots[0][parameters[0]], range) };
    });
    const g = { offset: gradient, add: false };
    // A learning rate of 0 leaves the weights as they are; the arithmetic is the same.
    const step = { share: 1 / batch, learningRate: 0, weightDecay: 0.0001 };
    const weights = W.rows * columns;
    const ofLayer = [
      [
        `${outer} ${size}`,
        products,
        (i) => {
          for (const { range } of blocks) kernels[outer](xOf(i), dy, rows, W, range, g);
        },
      ],
      [
        `columnSums ${batch} x ${columns}`,
        batch * columns,
        () => kernels.columnSums(dy, rows, { first: 0, count: columns }, g),
      ],
      [
        `sgd ${W.rows} x ${columns}`,
        5 * weights,
        () => {
          for (const block of blocks) kernels.sgd(block.W, gradient, step);
        },
      ],
      [
        `momentum ${W.rows} x ${columns}`,
        7 * weights,
        () => {
          for (const block of blocks) kernels.momentum(block.W, block.v, gradient, step, 0.9, false);
        },
      ],
    ];
    if (dx) ofLayer.unshift([`transposed ${size}`, products, () => kernels.transposed(dy, W, dx, rows)]);
    backwards.unshift(...ofLayer);
  }
  // How many operations exponentials and a logarithm are is a matter of taste, so only the time is given.
  const [z, dz] = [map.values.at(-1), map.gradients.at(-1)];
  const loss = [
    `softmaxCrossEntropy ${batch} x ${network.classes}`,
    undefined,
    () => kernels.softmaxCrossEntropy(z, dz, map.label, map.loss, map.best, rows),
  ];
  return [...forwards, loss, ...backwards].map(([name, operations, run]) => ({ name, operations, run }));
}

/** Seconds a call, over as many calls as take about 10 ms. */
function time({ run, repeats }) {
  const begun = performance.now();
  for (let i = 0; i < repeats; i++) run(i % minibatches);
  return (performance.now() - begun) / 1000 / repeats;
}

function measure(calls) {
  for (const call of calls) {
    call.repeats = 1;
    call.seconds = [];
    // V8 compiles what runs for long once more; calibration lasts until it has.
    for (let spent = 0; spent < 0.1; ) {
      const seconds = time(call);
      spent += seconds * call.repeats;
      call.repeats = Math.max(1, Math.min(call.repeats * 8, Math.round(0.01 / seconds)));
    }
  }
  for (let round = 0; round < rounds; round++) for (const call of calls) call.seconds.push(time(call));
  return calls.map(({ name, operations, seconds }) => {
    const sorted = seconds.toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1];
    const gigaflops = (s) => (operations === undefined ? null : operations / s / 1e9);
    return { name, best: gigaflops(sorted[0]), median: gigaflops(middle), microseconds: middle * 1e6 };
  });
}

const machine = { processor: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
if (!options.json)
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}; one thread`);
const report = [];
for (const [layers, batch] of networks) {
  const results = measure(kernelsOf(layers, batch));
  report.push({ layers, batch, results });
  if (options.json) continue;
  const columns = ['GFLOP/s: best', 'median', 'µs a call'].map((column) => column.padStart(14));
  console.log(`${`${layers}, batch ${batch}`.padEnd(36)}${columns.join('')}`);
  for (const { name, best, median, microseconds } of results) {
    const figures = [best, median, microseconds].map((n) => (n === null ? '-' : n.toFixed(1)).padStart(14));
    console.log(`  ${name.padEnd(34)}${figures.join('')}`);
  }
}
if (options.json) console.log(JSON.stringify({ machine, networks: report }));
