// The WebAssembly kernels, in AssemblyScript: TypeScript's syntax, WebAssembly's types. Pointers are byte
// addresses in the shared memory; strides and widths count bytes or elements, as each header says. Only
// ../backends/wasm/ calls them. docs/kernels.md says how they are made.
//
// Every kernel keeps one promise: the bits of an element do not depend on which rows, tile or block the call
// covers. Each sum runs over its contracted index in one order, whatever shares the registers with it.

export { adam } from './adam';
export { add } from './add';
export { affine } from './affine';
export { sparseRows as affinePixels } from './sparse-rows';
export { affineSparse } from './affine-sparse';
export { averagePool, averagePoolBackward } from './average-pool';
export { binaryCrossEntropy } from './binary-cross-entropy';
export {
  channelCentredProducts,
  channelCentredSquares,
  channelMoments,
  channelNormalize,
  channelNormalizeBackward,
  channelNormalizeSums,
} from './channel-normalization';
export { channelSums } from './channel-sums';
export { columnSums } from './column-sums';
export { convolve } from './convolve';
export { convolveBackward } from './convolve-backward';
export { convolveWeights } from './convolve-weights';
export { dropout } from './dropout';
export { dropoutChannels } from './dropout-channels';
export { elasticField } from './elastic-field';
export { absoluteError, huberError, squaredError } from './errors';
export { identityField, mapField } from './plane-map';
export { listPairs, listRows } from './list-images';
export { leakyRelu, leakyReluBackward, relu, reluBackward } from './activations';
export { maxPool, maxPoolBackward } from './max-pool';
export { meanSquaredError } from './mean-squared-error';
export {
  centredProducts,
  centredSquares,
  divideTotals,
  moments,
  movingAverage,
  normalize,
  normalizeBackward,
  normalizeSums,
  scaleTotals,
} from './normalization';
export { momentum, sgd } from './sgd';
export { rmsprop } from './rmsprop';
export { outer } from './outer';
export { packImage } from './pack-images';
export { sparsePairs as outerPixels } from './sparse-pairs';
export { outerSparse } from './outer-sparse';
export { pixels } from './pixels';
export { resample } from './resample';
export { resampleChannels } from './resample-channels';
export { normalizeRows, normalizeRowsBackward, normalizeRowsSums } from './row-normalization';
export { softmaxCrossEntropy } from './softmax-cross-entropy';
export {
  elu,
  eluBackward,
  gelu,
  geluBackward,
  sigmoid,
  sigmoidBackward,
  silu,
  siluBackward,
  tanh,
  tanhBackward,
} from './smooth-activations';
export { sumOfSquares } from './sum-of-squares';
export { takeLines } from './take-lines';
export { transposed } from './transposed';
export { transposedSparse } from './transposed-sparse';
export { weigh } from './weigh';
