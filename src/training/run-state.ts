/**
 * All that a training is at one time: parameters, optimizer slots, the layers' state, how far it is, what it
 * has seen since figures were taken, and the figures that were taken.
 *
 * Nothing else changes from step to step, so whoever has a moment of it can go on from there to the same
 * bits. What watches a training (early stopping, schedules that follow it) is a function of the history, and
 * has no state.
 */
import type { Figures } from '../contracts/figures.ts';
import type { Elements } from '../kernels/layout.ts';
import type { MemoryMap } from '../model/memory-map.ts';
import type { NetworkPlan } from '../model/network.ts';
import type { Tensor } from '../model/tensor.ts';
import { type NumberTensor, readNumbers, writeNumbers } from '../model/weights.ts';
import { type Control, words } from '../sync/control.ts';

/** Figures that were taken at one time: a row of metrics.csv. */
export interface EpochFigures {
  /** Epochs done; a fraction if figures are taken within an epoch. */
  epoch: number;
  /** Updates done. */
  step: number;
  /** At the last step. */
  learningRate: number;
  /** Means since figures were taken, each minibatch judged by the weights before its update. */
  train: Figures;
  /** Undefined if there is no set to evaluate, or it was not its turn. */
  validation: Figures | undefined;
}

/** What the training has seen since figures were taken. */
export interface Tally {
  /** The sum of the losses, then those of the task's figure. */
  readonly sums: readonly number[];
  /** Samples. */
  readonly seen: number;
}

/** A training at one time, as a copy. */
export interface Moment {
  /** Updates done. */
  readonly steps: number;
  readonly tally: Tally;
  readonly history: readonly EpochFigures[];
  /** Parameters, slots and state as they lie in the kernels' memory. */
  readonly numbers: Float32Array | Float64Array;
}

/** The numbers of a moment as the world sees them: row-major, without padding. */
export interface Tensors {
  readonly parameters: NumberTensor[];
  /** slots[s][p]: slot s of parameter p. */
  readonly slots: NumberTensor[][];
  readonly state: NumberTensor[];
}

/** A moment as the world sees it: what a checkpoint holds. */
export interface Position extends Omit<Moment, 'numbers'> {
  /** Epochs done; a fraction within an epoch. */
  readonly epochs: number;
  readonly tensors: Tensors;
}

export interface RunState {
  /** Updates done. */
  steps: number;
  history: readonly EpochFigures[];
  tally(): Tally;
  /** Figures have been taken: counting begins anew. */
  resetTally(): void;
  capture(): Moment;
  /** Whether all numbers are finite. */
  isFinite(): boolean;
  /** Goes back to a moment of this training, or of one with the same plan. */
  restore(moment: Moment): void;
  /** What the numbers of a moment are; each kind is read when it is asked for. */
  tensors(moment: Moment): Tensors;
  /** The inverse: the moment at which the numbers were these. Slots may be missing: they are zero. */
  momentOf(position: Position): Moment;
}

/**
 * The state of a training whose numbers lie in this memory; the threads must be at rest when it is touched.
 */
export function runState(
  elements: Elements,
  network: NetworkPlan,
  map: MemoryMap,
  { words: w, sums }: Control,
): RunState {
  const { begin, end } = span(map);
  const moved = <T extends Tensor>(tensor: T): T => ({ ...tensor, offset: tensor.offset - begin });
  const parameters = map.parameters.map(moved);
  const slots = map.slots.map((slot) => slot.map(moved));
  const state = map.state.map(moved);
  return {
    steps: 0,
    history: [],
    tally: () => ({
      sums: Array.from(sums),
      seen: Atomics.load(w, words.seen),
    }),
    resetTally() {
      sums.fill(0);
      Atomics.store(w, words.seen, 0);
    },
    capture() {
      const { steps, history } = this;
      return { steps, history, tally: this.tally(), numbers: elements.slice(begin, end) };
    },
    isFinite() {
      for (let i = begin; i < end; i++) if (!Number.isFinite(elements[i]!)) return false;
      return true;
    },
    restore({ steps, history, tally, numbers }) {
      elements.set(numbers, begin);
      this.steps = steps;
      this.history = history;
      writeTally(tally);
    },
    tensors: ({ numbers }) => ({
      get parameters() {
        return readNumbers(numbers, network.parameters, parameters);
      },
      get slots() {
        return slots.map((slot) => readNumbers(numbers, network.parameters, slot));
      },
      get state() {
        return readNumbers(numbers, network.state, state);
      },
    }),
    momentOf({ tensors, epochs: _, ...rest }) {
      const make = elements instanceof Float32Array ? Float32Array : Float64Array;
      const numbers = new make(end - begin);
      writeNumbers(numbers, network.parameters, parameters, tensors.parameters);
      for (const [s, slot] of tensors.slots.entries())
        writeNumbers(numbers, network.parameters, slots[s]!, slot);
      writeNumbers(numbers, network.state, state, tensors.state);
      return { ...rest, numbers };
    },
  };

  function writeTally({ sums: counted, seen }: Tally): void {
    sums.set(counted);
    Atomics.store(w, words.seen, seen);
  }
}

/** Where parameters, slots and state lie: one after the other. */
export function span({ regions }: Pick<MemoryMap, 'regions'>): { begin: number; end: number } {
  const slabs = new Set(['parameters', 'slots', 'state']);
  const own = regions.filter(({ slab }) => slabs.has(slab));
  const [first, last] = [own[0]!, own.at(-1)!];
  return { begin: first.offset, end: last.offset + last.size };
}
