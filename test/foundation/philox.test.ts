import { describe, expect, test } from 'vitest';
import { type FourWords, philox, rowWords, wordsOfRow } from '#lockstep/foundation/philox.js';

// Random123 1.14, tests/kat_vectors, the lines "philox4x32 10": counter, key, output.
const known: readonly (readonly [FourWords, readonly [number, number], FourWords])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test.each(known)('the known answer for counter %j, key %j', (counter, key, words) => {
  expect(philox(counter, key)).toEqual(words);
});

describe('the words of a row', () => {
  const words = (layer: number, seed: number, epoch: number, sample: number, columns = 64) =>
    wordsOfRow(rowWords('dropout', layer, { seed, epoch }, sample), columns);

  test('differ in every column, and with layer, seed, epoch and sample', () => {
    const rows = [
      words(0, 1, 1, 0),
      words(1, 1, 1, 0),
      words(0, 2, 1, 0),
      words(0, 1 + 2 ** 32, 1, 0),
      words(0, 1, 2, 0),
      words(0, 1, 1, 1),
    ];
    // The probability that two of 384 random words are equal is 2e-5.
    expect(new Set(rows.flatMap((row) => [...row])).size).toBe(6 * 64);
  });

  test('are the same however wide the row is', () => {
    const wide = words(3, 7, 2, 5, 300);
    for (const columns of [1, 3, 4, 15, 16, 17, 299]) {
      expect(words(3, 7, 2, 5, columns)).toEqual(wide.slice(0, columns));
    }
  });

  test('column 16 g + 4 w + l has word w of counter 4 g + l', () => {
    const row = words(3, 7, 2, 5);
    const use = 2 ** 24 + 3;
    for (const [g, w, l] of [
      [0, 0, 1],
      [1, 2, 3],
      [3, 3, 0],
    ] as const) {
      expect(row[16 * g + 4 * w + l]).toBe(philox([4 * g + l, 5, 2, use], [7, 0])[w]);
    }
  });
});
