/**
 * The network that a page tries. Most pages carry it, with the program and the kernels by which Lockstep
 * itself predicts, so that the answers are the bits of `train predict`. They are made ready when they are
 * first needed, not when the page is opened. Some pages ask the server that they came from.
 */
import { askServer } from './ask-server.ts';
import type { Answer, SampleRow, TryFacts } from './facts.ts';
import type { Pixels } from './strokes.ts';

export interface Prepared {
  pixels: Uint8Array;
  /** What was done to the picture, and why the answer may be worth little; for people. */
  done: readonly string[];
  doubts: readonly string[];
}

export interface TriedNetwork {
  /** The picture as the network reads it; undefined if it has one colour only. */
  prepare(picture: Pixels): Prepared | undefined;
  /**
   * Undefined if another row was asked for before this one came to its turn.
   *
   * @throws what the network says of a row that it cannot read
   */
  answer(row: SampleRow): Promise<Answer | undefined>;
  /** `predict` of an exported module, with the same bits. */
  predict(given: unknown): unknown;
}

interface Prediction {
  class?: string | number;
  values?: number[];
  flags?: number[];
  probabilities?: number[];
}

/** src/training/portable/for-pages.ts */
interface Program {
  portablePredictor(data: { network: string; weights: string; kernels: string }): {
    predict(given: unknown): unknown;
    predictRows(rows: { count: number; features: SampleRow }): Prediction[];
  };
  prepareImage(picture: object, field: { height: number; width: number }, profile: unknown): Prepared;
}

const textOf = (id: string) => document.getElementById(id)!.textContent!;

/** Runs the program, which lies in the page as a text. */
function startProgram(): Program {
  const script = document.createElement('script');
  script.textContent = textOf('try-program');
  document.head.append(script);
  return (globalThis as unknown as { lockstepProgram: Program }).lockstepProgram;
}

export function openNetwork({ input, outputs, ...facts }: TryFacts): TriedNetwork {
  const program = startProgram();
  const prepare: TriedNetwork['prepare'] = ({ height, width, rgba }) => {
    if (input.kind !== 'picture') return undefined;
    const [tall, wide] = input.shape;
    const picture = { height, width, rgba: new Uint8Array(rgba.buffer) };
    return program.prepareImage(picture, { height: tall, width: wide }, input.profile);
  };
  if (facts.asks) {
    const answer = askServer({ input, outputs, ...facts });
    return {
      prepare,
      answer,
      predict: () => Promise.reject(new Error('the server predicts: POST /predict')),
    };
  }
  const network = textOf('try-network');
  const predictor = program.portablePredictor({
    network,
    weights: textOf('try-weights'),
    kernels: textOf('try-kernels'),
  });
  const { names } = JSON.parse(network) as { names?: readonly (string | number)[] };
  return {
    prepare,
    predict: predictor.predict,
    async answer(features) {
      const [{ class: one, ...rest } = {}] = predictor.predictRows({ count: 1, features });
      return one === undefined ? rest : { ...rest, said: names!.indexOf(one) };
    },
  };
}
