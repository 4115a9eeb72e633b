import { readSweep, type SweepFile } from '#lockstep/sweep/read.js';
import { toyExperiment } from './toy-data.ts';

/** Reads the toy experiment followed by this block. */
export function toySweep(block: string, experiment = toyExperiment): SweepFile {
  return readSweep(experiment + block, { file: 's.yaml', name: 's', open: openToy });
}

/** Reads a complete file, or one that names the experiment `toy`. */
export function sweepAlone(text: string): SweepFile {
  return readSweep(text, { file: 's.yaml', name: 's', open: openToy });
}

function openToy(name: string) {
  if (name !== 'toy' && name !== 'mnist') throw new Error(`no experiment ${name}`);
  return { text: toyExperiment, file: `${name}.yaml`, name };
}
