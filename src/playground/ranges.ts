/** What the numbers of a choice may be. */
export const ranges = {
  noise: { least: 0, most: 1, whole: false },
  layers: { least: 0, most: 4, whole: true },
  units: { least: 1, most: 64, whole: true },
  dropout: { least: 0, most: 0.9, whole: false },
  learningRate: { least: 1e-6, most: 100, whole: false },
  batchSize: { least: 1, most: 512, whole: true },
  epochs: { least: 1, most: 1000, whole: true },
  seed: { least: 0, most: 999_999, whole: true },
} as const;
