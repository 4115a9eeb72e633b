/** A look at pictures: are their pixels what they are taken for? */
import type { Dataset } from '../dataset.ts';

/** Of pixels that go to 255, some are above this. */
const dark = 16;

/** Fewer pixels in a row make no picture anyway. */
const fewestPixels = 15;

export function lookAtPixels({ features, train, name }: Dataset): string[] {
  if (features.kind !== 'bytes') return [];
  const warnings: string[] = [];
  // Pixels of another range were scaled when they were read, and the notes say so.
  if (features.white === undefined) {
    const largest = largestUpTo(train.features, dark);
    if (largest === 0) warnings.push('every pixel is 0: the training pictures are empty');
    else if (largest <= dark) {
      const white = largest === 1 ? 1 : dark;
      warnings.push(
        `no pixel is above ${white}, of 255: if ${white} is white, say so with --set data.white=${white}`,
      );
    }
  }
  const [height, width, channels] = features.shape;
  const pixels = width * channels;
  const side = Math.sqrt(pixels + 1);
  // Of 28 x 28 pixels without a label, the first was taken for one.
  if (height === 1 && pixels >= fewestPixels && Number.isInteger(side)) {
    warnings.push(
      `a label and ${pixels} pixels, but ${pixels + 1} pixels would be ${side} x ${side}: ` +
        `does ${name} hold rows without labels?`,
    );
  }
  return warnings;
}

/** The largest of these numbers, or one above the limit. */
function largestUpTo(numbers: ArrayLike<number>, limit: number): number {
  let largest = 0;
  for (let i = 0; i < numbers.length && largest <= limit; i++) {
    if (numbers[i]! > largest) largest = numbers[i]!;
  }
  return largest;
}
