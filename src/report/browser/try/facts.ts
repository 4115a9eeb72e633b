/** What a page knows of the network that it tries, which it carries as JSON, and what the network says. */

export interface TryFacts {
  name: string;
  weightsSha256: string;
  task: 'classes' | 'values' | 'flags';
  input: PictureInput | RowInput;
  /**
   * Classes in the order of their probabilities, or names of values or flags; as they are, and for people.
   */
  outputs: readonly string[];
  shown: readonly string[];
  /** Of flags, what the table writes for them. */
  words?: { yes: readonly string[]; no: readonly string[] };
  /** Samples of the test set, by their positions in it. */
  samples: readonly TrySample[];
  /** `image` or `row`. */
  noun: string;
  /** The page does not carry the network: the server that it came from predicts. */
  asks?: true;
}

export interface PictureInput {
  kind: 'picture';
  shape: readonly [height: number, width: number, channels: number];
  /** The number of a white pixel in the files. */
  white: number;
  /** Of the training pictures, for the program that prepares others like them. */
  profile: unknown;
  /** Levels to draw with, and the width of a stroke in pixels of the network. */
  paper: number;
  ink: number;
  stroke: number;
}

export interface RowInput {
  kind: 'row';
  columns: readonly TryColumn[];
}

export type TryColumn =
  | {
      kind: 'number';
      name: string;
      /** Whether it may be missing. */
      gap: boolean;
      /** What stands there without a sample. */
      usual: number;
      /** Of the slider. */
      least: number;
      most: number;
      step: number;
    }
  | { kind: 'category'; name: string; gap: boolean; words: readonly string[] };

export interface TrySample {
  /** Position in the test set, from 0. */
  index: number;
  /** Of a picture its bytes in base64; of a row its cells, words by their index, null if missing. */
  input: string | readonly (number | null)[];
  /** The class, or the values or flags. */
  actual: readonly number[];
}

/** What a network says of a row. */
export interface Answer {
  /** Of classes, the position of the one that is said. */
  said?: number;
  /** Of classes and flags. */
  probabilities?: readonly number[];
  values?: readonly number[];
  /** 0 or 1. */
  flags?: readonly number[];
}

/** A sample as the network's data set holds it: bytes of pictures, float64 of rows. */
export type SampleRow = Uint8Array | Float64Array;
