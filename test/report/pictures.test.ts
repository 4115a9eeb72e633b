// Pictures in the cards of a report: the very pixels, in grey or in colour.
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { allocateSamples } from '#lockstep/data/dataset.js';
import { type PictureFeatures, pictureCard, smallPictureOf } from '#lockstep/report/page/pictures.js';

/** The picture in the card of the second of two samples whose bytes count up. */
function pictureOf(shape: PictureFeatures['shape']) {
  const features: PictureFeatures = { kind: 'bytes', shape };
  const samples = allocateSamples(2, features, { kind: 'classes', count: 2 });
  samples.features.forEach((_, i) => {
    samples.features[i] = i;
  });
  const { text } = pictureCard(features, samples, { index: 1, title: 'a', alt: '<b> & b', lines: [] });
  expect(text).toContain('alt="&lt;b&gt; &amp; b"');
  expect(text).toContain(`height="${Math.round((84 * shape[0]) / shape[1])}"`);
  const [, encoded] = /src="data:image\/png;base64,([^"]+)"/.exec(text)!;
  const { width, height, channels, data } = decode(Buffer.from(encoded!, 'base64'));
  return { size: [height, width, channels], data: [...data] };
}

const upFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test('grey', () => {
  expect(pictureOf([2, 3, 1])).toEqual({ size: [2, 3, 1], data: upFrom(6, 6) });
});

test('in colour', () => {
  expect(pictureOf([2, 4, 3])).toEqual({ size: [2, 4, 3], data: upFrom(24, 24) });
});

test('of other channels the first, in grey', () => {
  expect(pictureOf([2, 2, 2])).toEqual({ size: [2, 2, 1], data: [8, 10, 12, 14] });
});

test('is encoded once, and anew for other samples', () => {
  const features: PictureFeatures = { kind: 'bytes', shape: [2, 2, 1] };
  const sampleOf = () => allocateSamples(1, features, { kind: 'classes', count: 2 });
  const samples = sampleOf();
  const card = (of = samples) => pictureCard(features, of, { index: 0, title: '', alt: '', lines: [] }).text;
  const black = card();
  // Nobody changes samples; here it tells whether they are looked at again.
  samples.features.fill(255);
  expect(card()).toBe(black);
  const white = sampleOf();
  white.features.fill(255);
  expect(card(white)).not.toBe(black);
});

test('a small one is of means over squares, and the very pixels if it is small anyway', () => {
  const features: PictureFeatures = { kind: 'bytes', shape: [2, 3, 3] };
  const samples = allocateSamples(2, features, { kind: 'classes', count: 2 });
  samples.features.forEach((_, i) => {
    samples.features[i] = i;
  });
  const decoded = (longest: number) => {
    const source = smallPictureOf(features, samples, 1, longest);
    const { width, height, data } = decode(Buffer.from(source.split(',')[1]!, 'base64'));
    return { size: [height, width], data: [...data] };
  };
  expect(decoded(3)).toEqual({ size: [2, 3], data: upFrom(18, 18) });
  // Of 18 21 24, and 27 30 33 below: the first four as one, the last two as one.
  expect(decoded(2)).toEqual({ size: [1, 2], data: [24, 25, 26, 29, 30, 31] });
});
