// TensorFlow.js as a peer; see peer.py. The third argument is the backend, `wasm` or `cpu`.
//
// This is its fastest plain form: samples in one tensor, one-hot labels, minibatches gathered, and one call
// of `minimize` a step, as in model.fit, but without callbacks. There is no weight decay, because it would
// be a regularizer, a second pass.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as layers from '@tensorflow/tfjs-layers';
import { load, permutation, seesImages, serve, Unsupported } from './peer.mjs';

const backend = process.argv[4];
const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
setWasmPaths(`${join(dirname(wasm), 'dist')}/`);
if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend} here`);
await tf.ready();

const pairOf = (value) => (typeof value === 'number' ? [value, value] : value);

/** `same` where it means the given padding, else a layer of its own that pads; tfjs knows no numbers. */
function padded(at, { kernel, stride, padding, dilation }) {
  if (typeof padding === 'string') return { at, padding };
  const sides = pairOf(padding);
  const centred = pairOf(kernel).every((size, i) => size === 2 * sides[i] + 1);
  if (centred && stride === 1 && dilation === 1) return { at, padding: 'same' };
  const around = layers.layers.zeroPadding2d({ padding: sides.map((side) => [side, side]) });
  return { at: around.apply(at), padding: 'valid' };
}

function convolve(x, given) {
  if (given.groups !== 1) throw new Unsupported('no groups of conv');
  const { at, padding } = padded(x, given);
  return layers.layers
    .conv2d({
      filters: given.channels,
      kernelSize: given.kernel,
      strides: given.stride,
      dilationRate: given.dilation,
      padding,
      useBias: given.bias,
      kernelInitializer: 'heNormal',
    })
    .apply(at);
}

function maxPool(at, { size, stride, padding }) {
  if (typeof padding !== 'string') throw new Unsupported('no padding of max-pool in numbers');
  const strides = stride === 'size' ? size : stride;
  return layers.layers.maxPooling2d({ poolSize: size, strides, padding }).apply(at);
}

/** Applies a list of layers to a symbolic tensor. */
function apply(model, x) {
  return model.reduce((at, layer) => {
    switch (layer.kind) {
      case 'dense':
        return layers.layers
          .dense({ units: layer.units === 'classes' ? 10 : layer.units, kernelInitializer: 'heNormal' })
          .apply(at.shape.length > 2 ? layers.layers.flatten().apply(at) : at);
      case 'conv':
        return convolve(at, layer);
      case 'max-pool':
        return maxPool(at, layer);
      case 'relu':
        return layers.layers.reLU().apply(at);
      case 'leaky-relu':
        return layers.layers.leakyReLU({ alpha: layer.slope }).apply(at);
      case 'batch-norm':
        return layers.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }).apply(at);
      case 'residual':
        return layers.layers.add().apply([apply(layer.layers, at), apply(layer.shortcut, at)]);
      default:
        throw new Unsupported(`no layer ${layer.kind}`);
    }
  }, x);
}

function optimizerOf({ kind, learningRate, momentum, nesterov, rho, epsilon }) {
  if (kind === 'sgd') return tf.train.momentum(learningRate, momentum, nesterov);
  if (kind === 'rmsprop') return tf.train.rmsprop(learningRate, rho, 0, epsilon);
  throw new Unsupported(`no optimizer ${kind}`);
}

await serve(
  `tfjs ${tf.version_core} ${backend}`,
  async ({ model, optimizer: given, batchSize, epochs, samples }) => {
    const { x: numbers, labels, pixels } = load(samples);
    const shape = seesImages(model) ? [28, 28, 1] : [pixels];
    const x = tf.tensor(numbers, [samples, ...shape]);
    const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10), 'float32'));
    const input = layers.input({ shape });
    const network = layers.model({ inputs: input, outputs: apply(model, input) });
    const optimizer = optimizerOf(given);
    const seconds = [];
    let loss = 0;
    try {
      for (let epoch = 0; epoch < epochs; epoch++) {
        let last;
        const begun = performance.now();
        const order = tf.tensor1d(permutation(samples), 'int32');
        for (let first = 0; first < samples; first += batchSize) {
          last?.dispose();
          last = tf.tidy(() => {
            const rows = tf.slice(order, [first], [Math.min(batchSize, samples - first)]);
            const [images, targets] = [tf.gather(x, rows), tf.gather(y, rows)];
            const lossOf = () =>
              tf.losses.softmaxCrossEntropy(targets, network.apply(images, { training: true }));
            return optimizer.minimize(lossOf, true);
          });
        }
        // Reading a number waits for all work that was queued.
        loss = (await last.data())[0];
        seconds.push((performance.now() - begun) / 1000);
        tf.dispose([last, order]);
      }
    } catch (error) {
      if (!/not registered|not found|not supported/i.test(error.message)) throw error;
      throw new Unsupported(error.message.split('\n')[0]);
    } finally {
      network.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
    }
    return { seconds, loss };
  },
);
