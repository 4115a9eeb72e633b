/**
 * What a layer is: a pure plan, and beside it the lines of the textbook.
 *
 * A layer never sees threads, minibatches or the rest of the network. It is told where its matrices lie and
 * works on the rows, features or parameters that it is asked for; any partition gives the same bits.
 */
import { type Complaint, LockstepError } from '../foundation/errors.ts';
import type { Block, Matrix, PanelMatrix, Range, Vector } from '../foundation/shapes.ts';
import type { ImageShape, Window } from '../foundation/window.ts';
import type { GradientBlock, Kernels } from '../kernels/kernels.ts';
import type { Operand } from '../operands/operand.ts';
import { erase } from './erase.ts';
import type { Config, Fields, KindConfig } from './fields.ts';

/** Settings of every layer that learns, which the network looks at. Left out, they are false and true. */
export const learningFields = {
  freeze: {
    type: 'boolean',
    description: 'The layer stays as it begins: no update, and a normalisation uses its running figures.',
  },
  pretrained: {
    type: 'boolean',
    description: 'False: the layer is drawn anew though `--from` brings weights, such as a last layer.',
  },
} as const;

/** Weights multiply inputs, biases are added, norms are the scales and shifts of a normalisation. */
export type ParameterRole = 'weight' | 'bias' | 'norm';

/**
 * The shape of a parameter, as files and digests have it: a weight matrix, the windows of a convolution, or a
 * vector. In memory windows are a matrix (kernel height · kernel width · inputs, outputs).
 */
export type ParameterShape =
  | readonly [rows: number, columns: number]
  | readonly [kernelHeight: number, kernelWidth: number, inputs: number, outputs: number]
  | readonly [length: number];

/** A parameter as planned: a matrix W (rows, columns) or a vector (columns). */
export interface ParameterPlan {
  /** As the formulas call it: W, b, gamma. */
  name: string;
  shape: ParameterShape;
  initializer: KindConfig;
  /** What it is for: optimizers can leave some roles out of the weight decay. */
  role: ParameterRole;
  fanIn: number;
  fanOut: number;
  /**
   * Multiplications and additions that one element of its gradient takes for each row; 2 unless the plan says
   * so. Blocks are priced by it: the dearer an element, the fewer of them make a block.
   */
  cost?: number;
}

/**
 * Numbers that a layer carries from step to step, neither learnt nor the optimizer's: part of a checkpoint.
 */
export interface StatePlan {
  name: string;
  length: number;
  /** What every element starts as. */
  initial: number;
}

export interface LayerPlan {
  /** Columns of y. */
  outputs: number;
  /**
   * The shape of y: feature maps that the layer makes, or `kept` if it is that of x, whatever that is. Left
   * out, y is a vector.
   */
  shape?: ImageShape | 'kept';
  /** What each place of y sees of x, if both are images: for people and for exports. */
  window?: Window;
  parameters: readonly ParameterPlan[];
  /** Written by `statistics`, once a step, by the block of features; read when evaluating. */
  state?: readonly StatePlan[];
  /** Vectors that `statistics` leaves for the phases after it, in the same step. */
  statistics?: readonly { name: string; length: number }[];
  /** The rounds of `statistics.shared`: how many there are, and sums of each feature in one, at most. */
  rounds?: { forward: number; backward: number; sums: number };
  /**
   * What backward and gradients read: decides which matrices must outlive the forward pass. With `operand`, x
   * is read in forward and gradients only through `LayerContext.operand`, so that it can come in any format.
   */
  reads: { x: boolean | 'operand'; y: boolean };
  /** y may take the place of x, and dx that of dy. */
  inPlace: boolean;
  /**
   * `makes`: about half of y is zero; `keeps`: y is zero at least where x is. The next layer may skip what is
   * zero.
   */
  zeros?: 'makes' | 'keeps';
  /**
   * Elements of scratch that the layer needs in each thread, see `LayerContext.room`; none unless it says so.
   */
  room?: number;
  /** Multiplications and additions of the forward pass, a sample. */
  flops: number;
}

/** What a layer's input is like, for planning. */
export interface LayerInput {
  /** Columns of x. */
  inputs: number;
  /** The image that a row of x is; undefined: a vector. */
  shape?: ImageShape | undefined;
  /** x are feature maps, made by a convolution or a pool: a feature is a channel, not a number of the row. */
  maps?: boolean;
  /** Outputs that the data asks for: classes, values or flags. */
  targets: number;
}

/**
 * What a layer says in `plan` if its input or its settings do not fit. The network's plan knows where in the
 * experiment that is.
 *
 * @param setting the layer's setting that is wrong; empty: its input
 */
export function misfit(setting: string, complaint: Omit<Complaint, 'where'>): LockstepError {
  return new LockstepError('usage', { where: setting, ...complaint });
}

/** How a sample's random numbers are keyed: by what they are for, never by thread or order. */
export interface Draw {
  seed: number;
  epoch: number;
  /** The data set's index of the sample in this row of the minibatch. */
  sample(row: number): number;
}

/** Where a layer's matrices lie, and what it computes with. */
export interface LayerContext {
  kernels: Kernels;
  /** (rows, inputs); not filled if the samples are read from lists. */
  x: Matrix;
  /** As `LayerInput.shape`. */
  shape: ImageShape | undefined;
  /** The same x as the factor of a product, in the format that the plan granted. */
  operand: Operand;
  /** (rows, outputs) */
  y: Matrix;
  /** (rows, outputs); absent when evaluating. */
  dy: Matrix | undefined;
  /** (rows, inputs); absent when evaluating, and when nothing before this layer learns. */
  dx: Matrix | undefined;
  /** By the names of the plan. */
  parameters: Readonly<Record<string, PanelMatrix | Vector>>;
  /** By the names of the plan. */
  state: Readonly<Record<string, Vector>>;
  /** By the names of the plan. */
  statistics: Readonly<Record<string, Vector>>;
  /** Where this thread's elements of `LayerPlan.room` begin. Their contents last for one call. */
  room: number;
  /**
   * Training (masks are drawn, statistics come from the minibatch) or evaluation; a frozen layer evaluates.
   */
  training: boolean;
  /** Position among all layers of the network: what two layers of a kind that draw differ by. */
  index: number;
  draw: Draw;
}

/** One layer at work. */
export interface Layer {
  /**
   * y from x, for these rows. `panels` is only given to layers that read x as an operand, if it is the
   * samples or W is wide: the columns of y in some panels of W. A thread then computes the columns whose
   * weights it also updates, so that they stay in its cache.
   */
  forward(rows: Range, panels?: Range): void;
  /**
   * dx from dy, for these of all rows of the minibatch. Only called when there is a dx. `columns`, from a
   * multiple of 32 on, are only given to layers that read x as an operand and whose W is wide: these of dx.
   */
  backward(rows: Range, batch: Range, columns?: Range): void;
  /**
   * Per parameter: the gradient of a block of it, summed over `rows`, which are a cut. What is a sum over all
   * rows already, because `statistics` made it, is the first cut's; the others add nothing, or leave -0.
   */
  gradients?: Readonly<Record<string, (block: Block, rows: Range, g: GradientBlock) => void>>;
  /**
   * For layers that look at the whole minibatch (batch normalisation): by block of features, of which each
   * has a number in every vector of `LayerPlan.statistics`, over all
   * `rows`, after x (or dy) is complete in every row and before any row's forward (or backward). A block
   * begins at a multiple of 4 features, and those of a call are all there are or a multiple of 4.
   */
  statistics?: {
    forward(features: Range, rows: Range): void;
    backward(features: Range, rows: Range): void;
    /**
     * The same with the same bits, in rounds, for ranks that share the minibatch. Without it, a network with
     * this layer is trained by one process alone.
     */
    shared?: { forward: readonly Round[]; backward: readonly Round[] };
  };
}

/**
 * A part of `statistics` that needs sums over all rows. Each cut of rows is summed by itself, by whoever has
 * its rows; the sums of the cuts are added in order, and everybody finishes with the totals.
 */
export interface Round {
  /** Sums of each feature: at most `LayerPlan.rounds.sums`. */
  sums: number;
  /** Leaves the sums of these features over the rows of a cut. */
  sum(features: Range, cut: Range, at: SumsPlace): void;
  /** Makes of the totals what the layer needs. `rows` are all of the minibatch. */
  finish(features: Range, totals: SumsPlace, rows: Range): void;
}

/** Sum s of feature f lies at offset + s stride + f. (sums, features) */
export interface SumsPlace {
  offset: number;
  stride: number;
}

export interface LayerKind<F extends Fields = Fields> {
  kind: string;
  /** One line for people: help, schema, documentation. */
  summary: string;
  /** It has parameters, so that `learningFields` are settings of it too. */
  learns?: true;
  fields: F;
  /** @throws LockstepError, made by `misfit`, if the layer cannot work on such an input */
  plan(config: Config<F>, input: LayerInput): LayerPlan;
  build(config: Config<F>, context: LayerContext): Layer;
}

/** Declares a layer; checks its configuration's type against its fields. */
export function layer<const F extends Fields>(kind: LayerKind<F>): LayerKind {
  return erase<LayerKind>('layer', kind);
}
