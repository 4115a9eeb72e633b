/**
 * The arithmetic that layers, losses and optimizers are written against.
 *
 * Two implementations stand behind this interface: `wasm.ts`, float32 in WebAssembly SIMD, and
 * `reference.ts`, float64 in plain TypeScript, which serves as the oracle for the first, checks gradients,
 * and can train too. Both work on one memory that all threads share.
 *
 * Letters: `rows` of the minibatch, `fanIn` inputs and `units` outputs of a dense layer. All results are
 * the same bits whatever range of rows or block of parameters a call covers: a sum runs over its
 * contracted index in one order.
 */
import type { RowWords } from '../foundation/philox.ts';
import {
  type Block,
  type Matrix,
  type PanelMatrix,
  type Range,
  roundUp,
  type Vector,
} from '../foundation/shapes.ts';
import type { ImageLists, PackedImages } from './image-lists.ts';
import { panelLayout } from './layout.ts';

const { vectorStep } = panelLayout;

/** A block of one parameter's gradient, summed over rows, in scratch memory. */
export interface GradientBlock {
  /** Where the block lies. */
  offset: number;
  /** False: the sums replace what is there. True: they are added to it. */
  add: boolean;
}

/** A block of a parameter, or of one of its optimizer slots: `runs` pieces of `length` elements. */
export interface Pieces {
  offset: number;
  runs: number;
  length: number;
  /** Elements from one piece to the next. */
  stride: number;
}

/** Hyperparameters of one step of gradient descent. */
export interface DescentStep {
  /** 1 / rows of the minibatch: turns the summed gradient into the average. */
  scale: number;
  learningRate: number;
  /** Adds weightDecay * W to the gradient (L2). */
  weightDecay: number;
}

/** What a column is normalised by: xhat = (x - mean) / sqrt(variance + epsilon). */
export interface Normalization {
  mean: Vector;
  variance: Vector;
  epsilon: number;
}

/** Pixels of an image. */
export interface ImageShape {
  height: number;
  width: number;
}

/**
 * Where each pixel of a distorted image comes from, in pixels from the centre of the image: the places to the right,
 * then those down. (2, height * width)
 */
export interface PixelField extends ImageShape {
  offset: number;
}

/** Elements from the places to the right to those down; the last vector of the last row may reach beyond it by 3. */
export const planeSize = ({ height, width }: ImageShape) => roundUp(height * width + 3, vectorStep);

/** A map of the plane: x' = xx x + xy y + x, y' = yx x + yy y + y. */
export interface PlaneMap {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
  x: number;
  y: number;
}

/** A smoothing of noise by a symmetric window. */
export interface Blur {
  /** Pixels on each side of the middle. */
  radius: number;
  /** Elements for it, see `blurRoom`: the window's weights from its middle on (radius + 1), then what the kernel needs. */
  room: number;
}

/** Elements a blur needs: weights, noise in two planes with a margin, a line of each, displacements in two planes. */
export function blurRoom(shape: ImageShape, radius: number): number {
  const { weights, plane, line } = blurSizes(shape, radius);
  return weights + 2 * plane + 2 * line + 2 * planeSize(shape);
}

/** Sizes of a blur's parts; `stride` elements from one row of noise to the next. */
export function blurSizes({ height, width }: ImageShape, radius: number) {
  const stride = roundUp(width, 4);
  return {
    stride,
    weights: roundUp(radius + 1, vectorStep),
    plane: roundUp((height + 2 * radius) * stride + 16, vectorStep),
    line: roundUp(stride + 2 * radius, vectorStep),
  };
}

/** The products of images with weights, x = pixel / 255, from lists of the pixels that are not zero. */
export interface ImageKernels {
  /** Packs images, as number `first` and so on; those before them have been packed. (images.length / pixels, pixels) bytes */
  pack(images: Uint8Array, into: PackedImages, first: number): void;
  /** Lists these images by row, as row 0 and so on; at most `lists.rows`. */
  listRows(from: PackedImages, samples: Uint32Array, lists: ImageLists): void;
  /**
   * Lists them by pixel, for these pixels: an even number from an even one on, or all to the last, within `lists.span`. The samples are
   * one cut of a minibatch: number `cut`, at most `longestSum`.
   */
  listFeatures(
    from: PackedImages,
    samples: Uint32Array,
    cut: number,
    features: Range,
    lists: ImageLists,
  ): void;
  /** y = x W + b for some panels of W, in panels of 32; `rows` of y are the rows that are listed. */
  affine(lists: ImageLists, W: PanelMatrix, b: Vector, y: Matrix, panels: Range, rows: Range): void;
  /** g = xᵀ dy over the rows of a cut, or g = g + xᵀ dy, for a block of W of which the features are listed. */
  outer(lists: ImageLists, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
}

export interface Kernels {
  /** The whole memory, for what is read and written element by element outside the kernels. */
  readonly elements: Float32Array<SharedArrayBuffer> | Float64Array<SharedArrayBuffer>;
  /** Undefined where these kernels read images as numbers only. */
  readonly images: ImageKernels | undefined;

  /** x = pixel / 255, for row `row` of x. (count) bytes -> (count) numbers in [0, 1] */
  pixels(bytes: Uint8Array, x: Matrix, row: number): void;

  /** Every pixel comes from its own place. */
  identityField(field: PixelField): void;
  /** The places go through a map of the plane. */
  mapField(field: PixelField, map: PlaneMap): void;
  /**
   * Each place moves by alpha times smoothed noise. The noise of pixel (i, j), uniform in (-1, 1), is made of random
   * word i stride + j, see `blurSizes`: to the right of its lower 16 bits, down of its upper. It is smoothed along the
   * columns, then along the rows, as if the image were repeated on all sides.
   */
  elasticField(field: PixelField, words: RowWords, blur: Blur, alpha: number): void;
  /**
   * x = pixel / 255 for the image that the field makes of this one, for row `row` of x. Between pixels it is bilinear,
   * outside the image 0. (height * width) bytes -> (height * width) numbers in [0, 1]
   */
  resample(bytes: Uint8Array, field: PixelField, x: Matrix, row: number): void;

  /** y = x W + b. x (rows, fanIn), W (fanIn, units), b (units), y (rows, units) */
  affine(x: Matrix, W: PanelMatrix, b: Vector, y: Matrix, rows: Range): void;
  /** The same where half of x or more is zero; W in panels of 32. */
  affineSparse(x: Matrix, W: PanelMatrix, b: Vector, y: Matrix, rows: Range): void;
  /** dx = dy Wᵀ. dy (rows, units), W (fanIn, units), dx (rows, fanIn) */
  transposed(dy: Matrix, W: PanelMatrix, dx: Matrix, rows: Range): void;
  /** The same where about half of dy is zero; W in panels of 32. */
  transposedSparse(dy: Matrix, W: PanelMatrix, dx: Matrix, rows: Range): void;
  /**
   * g = xᵀ dy over `rows`, for a block of W. x (rows, fanIn), dy (rows, units), g (panels, block.count, 8)
   */
  outer(x: Matrix, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
  /** The same where half of x or more is zero; W and g in panels of 32. At most `longestSum` rows a call. */
  outerSparse(x: Matrix, dy: Matrix, rows: Range, W: PanelMatrix, block: Block, g: GradientBlock): void;
  /** g = sums of the columns `block` of dy over `rows`; block.first is a multiple of 8. dy (rows, units) */
  columnSums(dy: Matrix, rows: Range, block: Range, g: GradientBlock): void;

  /** y = a + b, where paths meet. y may be a or b. a, b, y (rows, columns) */
  add(a: Matrix, b: Matrix, y: Matrix, rows: Range): void;

  /** y = max(x, 0). y may be x. */
  relu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy where y > 0, else 0. dx may be dy. */
  reluBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;
  /** y = x where x > 0, else slope x. y may be x. */
  leakyRelu(x: Matrix, y: Matrix, slope: number, rows: Range): void;
  /** dx = dy where y > 0, else slope dy; slope > 0. dx may be dy. */
  leakyReluBackward(y: Matrix, dy: Matrix, dx: Matrix, slope: number, rows: Range): void;

  /** y = x where x > 0, else alpha (e^x - 1). y may be x. */
  elu(x: Matrix, y: Matrix, alpha: number, rows: Range): void;
  /** dx = dy where y > 0, else dy (y + alpha); alpha > 0. dx may be dy. */
  eluBackward(y: Matrix, dy: Matrix, dx: Matrix, alpha: number, rows: Range): void;
  /** y = 1 / (1 + e^-x). y may be x. */
  sigmoid(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy y (1 - y). dx may be dy. */
  sigmoidBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;
  /** y = tanh x. y may be x. */
  tanh(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy (1 - y^2). dx may be dy. */
  tanhBackward(y: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;
  /** y = x s(x), s the sigmoid. */
  silu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy s(x) (1 + x (1 - s(x))). */
  siluBackward(x: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;
  /** y = x Phi(x), Phi the normal distribution. */
  gelu(x: Matrix, y: Matrix, rows: Range): void;
  /** dx = dy (Phi(x) + x phi(x)), phi the normal density. */
  geluBackward(x: Matrix, dy: Matrix, dx: Matrix, rows: Range): void;

  /**
   * y = x / (1 - rate) in the columns of row `row` whose random word is at least `leastKept(rate)`, else 0. y may
   * be x. For dx from dy, the same.
   */
  dropout(x: Matrix, y: Matrix, row: number, words: RowWords, rate: number): void;

  /**
   * loss = -sum of t ln softmax(z), dz = softmax(z) - t, predicted = the first largest logit, where the target t is
   * onehot(label), or with smoothing s, (1 - s) onehot(label) + s / classes.
   * z, dz (rows, classes); label, loss, predicted (rows)
   */
  softmaxCrossEntropy(
    z: Matrix,
    dz: Matrix,
    label: Vector,
    loss: Vector,
    predicted: Vector,
    rows: Range,
    smoothing?: number,
  ): void;
  /** loss = mean over the classes of (z - onehot(label))², dz = 2 (z - onehot(label)) / classes, predicted as above. */
  meanSquaredError(z: Matrix, dz: Matrix, label: Vector, loss: Vector, predicted: Vector, rows: Range): void;

  /**
   * mean = means of the columns `features` of x over `rows`, variance = means of (x - mean)². features.first is
   * a multiple of 4. x (rows, columns); mean, variance (columns)
   */
  moments(x: Matrix, rows: Range, features: Range, mean: Vector, variance: Vector): void;
  /** average = (1 - share) average + share factor value, for the elements `features`. */
  movingAverage(average: Vector, value: Vector, features: Range, share: number, factor: number): void;
  /** y = gamma xhat + beta. x, y (rows, columns); gamma, beta (columns) */
  normalize(x: Matrix, by: Normalization, gamma: Vector, beta: Vector, y: Matrix, rows: Range): void;
  /** dgamma = sums of dy xhat over `rows`, dbeta = sums of dy, for the columns `features`; see moments. */
  normalizeSums(
    x: Matrix,
    dy: Matrix,
    by: Normalization,
    rows: Range,
    features: Range,
    dgamma: Vector,
    dbeta: Vector,
  ): void;
  /** dx = gamma / sqrt(variance + epsilon) (dy - dbeta / batch - xhat dgamma / batch). dx may be dy. */
  normalizeBackward(
    x: Matrix,
    dy: Matrix,
    by: Normalization,
    gamma: Vector,
    dgamma: Vector,
    dbeta: Vector,
    dx: Matrix,
    rows: Range,
    batch: number,
  ): void;

  /**
   * The sum of the squares of `length` elements at `g`, in float64; length is a multiple of 4. They are added as they lie, or if `rows`
   * is given, they are a block of so many rows in panels of 32 columns, and added in the order of panels of 8.
   */
  sumOfSquares(g: number, length: number, rows?: number): number;

  /**
   * y = gamma xhat + beta, xhat = (x - mean) / sqrt(variance + epsilon), mean and variance those of the row's columns.
   * x, y (rows, columns); gamma, beta (columns)
   */
  normalizeRows(x: Matrix, epsilon: number, gamma: Vector, beta: Vector, y: Matrix, rows: Range): void;
  /**
   * dx = (d - mean of d - xhat (mean of d xhat)) / sqrt(variance + epsilon), d = gamma dy, the means over the columns.
   * dx may be dy.
   */
  normalizeRowsBackward(x: Matrix, dy: Matrix, epsilon: number, gamma: Vector, dx: Matrix, rows: Range): void;
  /**
   * g = sums of dy xhat over `rows` for the columns `block`; block.first is a multiple of 8. At most `longestSum` rows
   * a call.
   */
  normalizeRowsSums(
    x: Matrix,
    dy: Matrix,
    epsilon: number,
    rows: Range,
    block: Range,
    g: GradientBlock,
  ): void;

  /** Changes nothing: takes the cache lines of a block for this core, which is going to write it soon. */
  takeLines(W: Pieces): void;
  /** W = W - learningRate (g scale + weightDecay W), for a block W and its gradient g. */
  sgd(W: Pieces, g: number, step: DescentStep): void;
  /** v = mu v + gradient; W = W - learningRate v, or with Nesterov W - learningRate (gradient + mu v). */
  momentum(W: Pieces, v: Pieces, g: number, step: DescentStep, mu: number, nesterov: boolean): void;
  /** v = rho v + (1 - rho) gradient²; W = W - learningRate gradient / (sqrt(v) + epsilon). */
  rmsprop(W: Pieces, v: Pieces, g: number, step: DescentStep, rho: number, epsilon: number): void;
  /**
   * m = beta1 m + (1 - beta1) gradient; v = beta2 v + (1 - beta2) gradient²;
   * W = keep W - rate m / (sqrt(v) / root + epsilon).
   */
  adam(W: Pieces, m: Pieces, v: Pieces, g: number, step: AdamStep): void;
}

/** The numbers of one step of Adam. */
export interface AdamStep {
  /** 1 / rows of the minibatch. */
  scale: number;
  /** Adds decay * W to the gradient. */
  decay: number;
  /** What is left of W before the step. */
  keep: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** learningRate / (1 - beta1^t) */
  rate: number;
  /** sqrt(1 - beta2^t) */
  root: number;
}

/** Of all 2^32 words, the share `rate` is below this one. */
export const leastKept = (rate: number) => Math.floor(rate * 4294967296);
