/** What a page has to know of a network so that it can be tried there. */

import type { Column, Features, Samples } from '../../data/dataset.ts';
import type { PictureProfile } from '../../data/pictures/profile.ts';
import type { ColumnPreparation } from '../../data/preparation.ts';
import type { Signature } from '../../data/split.ts';
import { outputNames } from '../../data/target-names.ts';
import type { Experiment } from '../../experiment/experiment.ts';
import { visible } from '../../foundation/visible.ts';
import type { PictureInput, TryColumn, TryFacts, TrySample } from '../browser/try/facts.ts';

/** A trained network that is to be tried. */
export interface Tried {
  experiment: Experiment;
  signature: Signature;
  weightsSha256: string;
  /** Of pictures, how others are made like those of the training. */
  profile: PictureProfile | undefined;
  /** What the page has from the test set. */
  samples: readonly TrySample[];
  /** The server of the page predicts. */
  asks?: boolean;
}

export function tryFacts(tried: Tried): TryFacts {
  const { experiment, signature, weightsSha256, profile, samples } = tried;
  const { features, targets } = signature;
  const outputs = outputNames(signature);
  const { yes, no } = targets.kind === 'flags' ? targets : {};
  return {
    name: experiment.name,
    weightsSha256,
    task: targets.kind,
    input:
      features.kind === 'bytes'
        ? pictureInput(features, profile!)
        : { kind: 'row', columns: columnsOf(features.columns, tried) },
    outputs,
    shown: outputs.map((name) => visible(name)),
    ...(yes && no ? { words: { yes, no } } : {}),
    samples,
    noun: features.kind === 'bytes' ? 'image' : 'row',
    ...(tried.asks ? { asks: true } : {}),
  };
}

function pictureInput(
  { shape, white = 255 }: Features & { kind: 'bytes' },
  profile: PictureProfile,
): PictureInput {
  const { drawings, range } = profile;
  const [height, width, channels] = shape;
  // Photos are drawn over in any colour, on white; the programs of a page take colours from the reader.
  const [paper, ink] = drawings ? [drawings.paper, drawings.ink] : channels === 1 ? [0, range[1]] : [255, 0];
  const stroke = drawings && drawings.stroke > 0 ? drawings.stroke : Math.max(height, width) / 11;
  // What has no bound has one in JSON.
  const bounded = drawings && { ...drawings, widest: Math.min(drawings.widest, Number.MAX_VALUE) };
  return { kind: 'picture', shape, white, profile: { ...profile, drawings: bounded }, paper, ink, stroke };
}

function columnsOf(columns: readonly Column[], { experiment, signature, samples }: Tried): TryColumn[] {
  const prepared = signature.preparation.kind === 'columns' ? signature.preparation.columns : [];
  const mayLack = (experiment.data.missing ?? 'refuse') !== 'refuse';
  return columns.map((column, c): TryColumn => {
    const own = prepared[c]!;
    if (column.kind === 'category') {
      const { words } = column;
      return {
        kind: 'category',
        name: visible(column.name),
        gap: mayLack,
        words: words.map((w) => visible(w)),
      };
    }
    const number = own as ColumnPreparation & { kind: 'number' };
    const cells = samples.flatMap(({ input }) => (input as readonly (number | null)[])[c] ?? []);
    const unit = column.form?.unit;
    return {
      kind: 'number',
      name: visible(unit ? `${column.name} (${unit})` : column.name),
      gap: mayLack && number.missing !== undefined,
      ...scaleOf(number, cells),
    };
  });
}

/** The range of a slider: that of the samples, or without them two deviations around the mean. */
function scaleOf({ shift, scale }: { shift: number; scale: number }, cells: readonly number[]) {
  const known = cells.length > 1 && Math.min(...cells) < Math.max(...cells);
  const [from, to] = known
    ? [Math.min(...cells), Math.max(...cells)]
    : [shift - 2 * Math.abs(scale), shift + 2 * Math.abs(scale)];
  const whole = known && cells.every(Number.isInteger);
  const fine = 10 ** Math.floor(Math.log10((to - from) / 100));
  const step = whole ? Math.max(1, fine) : fine;
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const round = (value: number) => Number(value.toFixed(Math.min(100, digits)));
  return {
    usual: round(shift),
    least: round(Math.floor(from / step) * step),
    most: round(Math.ceil(to / step) * step),
    step: round(step) || step,
  };
}

/** The most samples that a page has: of tables, and the most bytes of pictures. */
const [mostRows, mostBytes, mostCells] = [200, 60_000, 8000];

/**
 * Samples for a page, in the order of the test set.
 *
 * @param first those that it must have, by their positions; others from the beginning come to them
 */
export function trySamples(features: Features, test: Samples, first: readonly number[]): TrySample[] {
  const size = test.features.length / test.count;
  const room =
    features.kind === 'bytes'
      ? Math.floor(mostBytes / size)
      : Math.min(mostRows, Math.floor(mostCells / size));
  const chosen = new Set(first.slice(0, room));
  const least = Math.min(test.count, room, features.kind === 'bytes' ? 24 : mostRows);
  for (let i = 0; chosen.size < least; i++) chosen.add(i);
  const width = test.targets.length / test.count;
  return [...chosen]
    .sort((a, b) => a - b)
    .map((index) => {
      const raw = test.features.subarray(index * size, (index + 1) * size);
      const input =
        raw instanceof Uint8Array
          ? Buffer.from(raw).toString('base64')
          : Array.from(raw, (cell) => (Number.isNaN(cell) ? null : cell));
      return { index, input, actual: Array.from(test.targets.subarray(index * width, (index + 1) * width)) };
    });
}
