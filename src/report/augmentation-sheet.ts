/**
 * A sheet of training images, each beside its distorted versions, so that people see what the network sees:
 * exactly the pixels of the first epochs.
 */

import type { Dataset, TargetArray } from '../data/dataset.ts';
import { shareData } from '../data/split.ts';
import { augmentationRoom, checkAugmentable, planAugmentation } from '../engine/augment.ts';
import { createMemory, kernelsOver } from '../engine/memory.ts';
import { type PlannedData, planTraining } from '../engine/plan.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { LockstepError } from '../foundation/errors.ts';
import type { ChannelShape } from '../kernels/kernels.ts';
import { backendOf } from '../model/backends.ts';
import type { Locate } from '../model/network.ts';
import { inTurn } from './in-turn.ts';
import { drawText, glyphHeight, textWidth } from './pixel-font.ts';

export interface SheetOptions {
  /** Rows: the first training image of each class, then the second of each, ... */
  images: number;
  /** Columns beside the original: epochs 1, 2, ... */
  epochs: number;
  locate: Locate;
}

/** Levels, row-major, 0 black to 255 white: grey, or red, green and blue. (height, width, channels) */
export interface Sheet {
  width: number;
  height: number;
  channels: 1 | 3;
  data: Uint8Array;
}

/** Pixels between the images. */
const gap = 8;
/** An image is enlarged to about this many pixels. */
const cellSize = 84;

/**
 * Draws the sheet.
 *
 * @throws LockstepError if the experiment has no augmentation, or if the data set holds no images
 */
export function drawSheet(experiment: Experiment, dataset: Dataset, options: SheetOptions): Sheet {
  const { train } = dataset;
  const { images, epochs, locate } = options;
  const { data, training } = shareData(experiment, dataset, locate);
  const { height, width, channels = 1 } = data;
  const levels = height * width * channels;
  if (experiment.augmentation.length === 0) {
    throw new LockstepError('usage', {
      where: locate('augmentation'),
      expected: 'at least one augmentation to draw',
      got: 'none',
      hint: "try --set 'augmentation=[affine, elastic]'",
    });
  }
  checkAugmentable(experiment.augmentation, data, locate);
  const samples = inTurn(byClass(training, train.targets, data.outputs), images);
  const look = looks(experiment, data);

  const scale = Math.max(1, Math.round(cellSize / Math.max(height, width)));
  const headings = ['original', ...Array.from({ length: epochs }, (_, i) => `epoch ${i + 1}`)];
  const cellWidth = Math.max(width * scale, ...headings.map((text) => textWidth(text, 1)));
  const [left, top] = [gap + textWidth('#00000', 1) + gap, gap + glyphHeight + gap];
  const canvas = blank(
    left + headings.length * (cellWidth + gap),
    top + samples.length * (height * scale + gap),
    channels < 3 ? 1 : 3,
  );
  const columnAt = (column: number) => left + column * (cellWidth + gap);

  for (const [column, text] of headings.entries()) canvas.text(text, columnAt(column), gap, 1);
  for (const [row, sample] of samples.entries()) {
    const y = top + row * (height * scale + gap);
    canvas.text(String(train.targets[sample]), gap, y, 3);
    canvas.text(`#${sample}`, gap, y + 4 * glyphHeight, 1);
    const original = train.features.subarray(sample * levels, (sample + 1) * levels) as Uint8Array;
    for (let column = 0; column <= epochs; column++) {
      const image = column === 0 ? original : look(original, sample, column);
      canvas.image(image, width, channels, scale, columnAt(column), y);
    }
  }
  return canvas.sheet;
}

/** The training images of each class, in their order. */
function byClass(training: Uint32Array, labels: TargetArray, classes: number): number[][] {
  const lists = Array.from({ length: classes }, (): number[] => []);
  for (const sample of training) lists[labels[sample]!]!.push(sample);
  return lists;
}

/** The image that the network gets of a sample in an epoch, as bytes. */
function looks(experiment: Experiment, shape: PlannedData & ChannelShape) {
  const { augmentation, kernels: name, seed } = experiment;
  const { lastAugmented } = planTraining(experiment, shape, 1);
  const levels = shape.height * shape.width * (shape.channels ?? 1);
  const room = augmentationRoom(augmentation, shape);
  const { layout } = backendOf(name);
  const [stride, scratch] = [layout.rowStride(levels), layout.scratch(levels, 0)];
  const kernels = kernelsOver(createMemory(name, scratch + room + stride), 0);
  const run = planAugmentation(augmentation, shape, kernels, scratch, seed, lastAugmented)!;
  const x = { offset: scratch + room, columns: levels, stride };
  return (image: Uint8Array, sample: number, epoch: number): Uint8Array => {
    run(image, sample, epoch, x, 0);
    return Uint8Array.from(kernels.elements.subarray(x.offset, x.offset + levels), (value) =>
      Math.round(255 * value),
    );
  };
}

/** A white sheet that can be drawn on. */
function blank(width: number, height: number, shown: 1 | 3) {
  const data = new Uint8Array(width * height * shown).fill(255);
  const sheet: Sheet = { width, height, channels: shown, data };
  const put = (x: number, y: number, level: (channel: number) => number) => {
    for (let c = 0; c < shown; c++) data[(y * width + x) * shown + c] = level(c);
  };
  return {
    sheet,
    text: (text: string, x: number, y: number, scale: number) =>
      drawText(text, scale, (right, down) => put(x + right, y + down, () => 0)),
    image(image: Uint8Array, columns: number, channels: number, scale: number, x: number, y: number) {
      for (let i = 0; i * channels < image.length; i++) {
        const [right, down] = [(i % columns) * scale, Math.floor(i / columns) * scale];
        for (let p = 0; p < scale * scale; p++) {
          const [across, deep] = [p % scale, Math.floor(p / scale)];
          put(x + right + across, y + down + deep, (c) => image[i * channels + c]!);
        }
      }
    },
  };
}
