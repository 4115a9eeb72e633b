/** What a reader of data is. `readers.ts` lists them all. */
import type { Task } from '../contracts/task.ts';
import type { DataFormat } from '../experiment/data-settings.ts';
import type { Dataset, Features, Samples } from './dataset.ts';
import type { Signature } from './split.ts';

/** Called now and then while a file is read. */
export type Progress = (file: string, done: number, all: number) => void;

/** What lies at a path. */
export interface Place {
  path: string;
  /** Undefined if there is nothing. */
  kind: 'file' | 'folder' | 'other' | undefined;
  /** The names in a folder, sorted; else none. */
  names: readonly string[];
}

/** How a data set is asked for. */
export interface ReadRequest {
  format: DataFormat;
  /** What may be predicted. */
  tasks: readonly Task[];
  progress?: Progress | undefined;
}

/** How samples are asked for, for a trained network. */
export interface SampleRequest {
  signature: Signature;
  format: DataFormat;
  /** `test`: the targets must be there. `rows`: the file itself, with targets or without. */
  wanted: 'test' | 'rows';
  /** What the file holds, if it lies in memory; only tables can. */
  contents?: Uint8Array;
  progress?: Progress | undefined;
}

/** Samples as a network reads them. */
export interface GivenSamples {
  /** Their source, for people. */
  name: string;
  /** What a sample is: the network's own shape, but a table may have its words in another order. */
  features: Features;
  samples: Samples;
  /** Whether the targets are known; if not, those of `samples` mean nothing. */
  labelled: boolean;
  /** The column that names the rows, if there is one. */
  id: { name: string; values: readonly string[] } | undefined;
  /** All samples of a file, not only those that were set aside for a test. */
  everySample: boolean;
  /** What was noticed: columns that are not used, for example. */
  notes: readonly string[];
}

/** Reads one kind of data, to train on or for a trained network. */
export interface Reader {
  /** Whether what lies there is of this kind. Of several readers the first of the list reads it. */
  owns(place: Place): boolean | Promise<boolean>;
  /**
   * Opens a data set.
   *
   * @throws LockstepError `data` that names the bad file, and its line if there is one
   */
  open(path: string, request: ReadRequest): Promise<Dataset>;
  /**
   * Opens samples for a trained network: the test samples, or all if none are set aside.
   *
   * @throws LockstepError `data` if they do not fit the network
   */
  samples(path: string, request: SampleRequest): Promise<GivenSamples>;
}

/** What the samples of a network are, for messages. */
export function shapeText({ kind, shape }: Features): string {
  return kind === 'floats'
    ? `a table of ${shape[0]} ${shape[0] === 1 ? 'column' : 'columns'}`
    : `images of ${shape.slice(0, 2).join(' x ')} pixels`;
}

/** The test samples of an open data set. */
export function testSamplesOf({
  name,
  features,
  test,
}: Pick<Dataset, 'name' | 'features' | 'test'>): GivenSamples {
  return {
    name: `test samples of ${name}`,
    features,
    samples: test,
    labelled: true,
    id: undefined,
    everySample: false,
    notes: [],
  };
}
