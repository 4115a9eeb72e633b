/** Test samples on their way through a network, as far as the values are images: what each channel shows. */
import { columnsOf, type FeatureArray } from '../data/dataset.ts';
import type { ImageShape } from '../foundation/window.ts';
import { forwardFlops, type NetworkPlan } from '../model/network.ts';
import { asWeights } from '../model/weights.ts';
import type { TrainedNetwork } from '../run/read-trained.ts';
import { viewNetwork } from '../training/unit-outputs.ts';
import type { Findings } from './findings.ts';
import { type Squares, squaresOver } from './square-means.ts';

export interface FeatureMaps {
  /** Positions in the test set. */
  samples: readonly number[];
  /** The samples are the first of different classes that were predicted right, not the first of all. */
  right: boolean;
  /** From front to back. */
  layers: readonly LayerMaps[];
}

export interface LayerMaps {
  /** What made the values, and what then worked in their place: `conv`, `relu`. */
  kinds: readonly string[];
  /** Of the first of these: `model[0]`. */
  path: string;
  shape: ImageShape;
  /** Places of a side whose mean is a point of a map. */
  step: number;
  /** Of a map. */
  height: number;
  width: number;
  /** By sample, and by channel: the first ones. (height, width) */
  maps: readonly (readonly Float64Array[])[];
}

/** The most samples, and the most multiplications and additions, some tenths of a second. */
const [mostSamples, mostFlops] = [3, 1.5e9];

/** The longest side of a map. */
const longestSide = 32;

/** How many channels are shown, at most; fewer if the pictures of all layers would take more bytes. */
const mostChannels = [16, 12, 8, 6, 4, 3, 2, 1];
const mostBytes = 300_000;

/** Of a picture in a page, about: what each has, and a point. */
const [bytesOfPicture, bytesOfPoint] = [420, 0.6];

/**
 * Takes some test samples through the network as an evaluation does. The same run and data give the same.
 *
 * @returns undefined if no layer makes images, or if a number in them is not finite
 */
export function featureMapsOf(trained: TrainedNetwork, findings: Findings): FeatureMaps | undefined {
  const { experiment, network, signature, parameters, state } = trained;
  if (!makesMaps(network)) return undefined;
  const made = imagesOf(network);
  // The whole test set went through a moment ago, so one more sample can be afforded.
  const affordable = Math.max(1, Math.floor(mostFlops / forwardFlops(network)));
  const { samples, right } = chosenOf(findings, Math.min(mostSamples, affordable));
  const channels = mostChannels.find((most) => bytesOf(made, samples.length, most) <= mostBytes) ?? 1;
  const view = viewNetwork(experiment, network, signature);
  view.write({ weights: asWeights(parameters), state: asWeights(state) });
  const columns = columnsOf(signature.features);
  // One after the other: all values of a large network are many.
  const passes = samples.map((index) => {
    const { features } = findings.test;
    const own = features.subarray(index * columns, (index + 1) * columns) as FeatureArray;
    const { layers } = view.outputs({ count: 1, features: own });
    return made.map(({ path, shape, squares }) => {
      const { values } = layers.find((layer) => layer.path === path)!;
      return mapsOf(values, shape, squares, channels);
    });
  });
  if (!passes.flat(2).every((map) => map.every(Number.isFinite))) return undefined;
  const mapsBy = made.map((_, l) => passes.map((layers) => layers[l]!));
  return { samples, right, layers: layersOf(made, mapsBy) };
}

/** An image between the layers. */
interface Made extends Pick<LayerMaps, 'path' | 'shape'> {
  kinds: string[];
  squares: Squares;
  /** Where it lies, and where the value lies that it is made of; undefined if it is made of two. */
  storage: number;
  from: number | undefined;
}

/** Whether some layer makes images. */
export function makesMaps({ values }: NetworkPlan): boolean {
  return values.some(({ maps }) => maps);
}

/** The values that are images, those of one place as one. */
function imagesOf({ nodes, values }: NetworkPlan): Made[] {
  const places = new Map<number, Made>();
  for (const { role, path, config, x, y } of nodes) {
    const { shape, storage } = values[y]!;
    if (role === 'fork' || !shape) continue;
    const kind = role === 'join' ? 'residual' : config.kind;
    const known = places.get(storage);
    if (known) known.kinds.push(kind);
    else {
      const squares = squaresOver(shape.height, shape.width, longestSide);
      const from = role === 'join' ? undefined : values[x]!.storage;
      places.set(storage, { kinds: [kind], path, shape, squares, storage, from });
    }
  }
  return [...places.values()];
}

/** What changes nothing, as dropout in an evaluation, is one with what it is made of. */
function layersOf(made: readonly Made[], mapsBy: readonly LayerMaps['maps'][]): LayerMaps[] {
  const places = new Map<number, LayerMaps & { kinds: string[] }>();
  for (const [l, { squares, storage, from, kinds, ...layer }] of made.entries()) {
    const { step, height, width } = squares;
    const maps = mapsBy[l]!;
    const before = places.get(from ?? -1);
    if (before && sameMaps(before.maps, maps)) {
      before.kinds.push(...kinds);
      places.set(storage, before);
    } else places.set(storage, { ...layer, kinds: [...kinds], step, height, width, maps });
  }
  return [...new Set(places.values())];
}

function sameMaps(some: LayerMaps['maps'], others: LayerMaps['maps']): boolean {
  const [all, rest] = [some.flat(), others.flat()];
  return all.every((map, i) => {
    const other = rest[i];
    return map.length === other?.length && map.every((number, place) => number === other[place]);
  });
}

/** The first right predictions of different classes; if there are none, the first samples. */
function chosenOf({ test, predictions }: Findings, most: number): Pick<FeatureMaps, 'samples' | 'right'> {
  const firsts = (predictions?.right ?? []).filter(
    ({ actual }, i, all) => all.findIndex((other) => other.actual === actual) === i,
  );
  if (firsts.length > 0) return { samples: firsts.slice(0, most).map(({ index }) => index), right: true };
  return { samples: Array.from({ length: Math.min(most, test.count) }, (_, i) => i), right: false };
}

/** About how many bytes of a page the pictures take. */
function bytesOf(made: readonly Made[], samples: number, channels: number): number {
  return made.reduce((sum, { shape, squares: { height, width } }) => {
    const each = bytesOfPicture + bytesOfPoint * height * width;
    return sum + samples * Math.min(channels, shape.channels) * each;
  }, 0);
}

/** The first channels of an image, each by itself. */
function mapsOf(
  values: Float32Array,
  { width, channels }: ImageShape,
  { means }: Squares,
  most: number,
): Float64Array[] {
  return Array.from({ length: Math.min(channels, most) }, (_, channel) =>
    means(1, (y, x) => values[(y * width + x) * channels + channel]!),
  );
}
