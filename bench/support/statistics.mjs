// Statistics of a few measurements: the median, the spread, and the best.

/** The value below which this share of the numbers lies, interpolated between neighbours. */
export function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

export function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Median, quartiles, and the best: the smallest time or the largest rate. */
export function summarize(numbers, better) {
  return {
    median: median(numbers),
    quartiles: [quantile(numbers, 0.25), quantile(numbers, 0.75)],
    best: better === 'lower' ? Math.min(...numbers) : Math.max(...numbers),
    count: numbers.length,
  };
}

/** Half the distance of the quartiles, as a share of the median: the usual difference between repetitions. */
export function spread({ median, quartiles: [low, high] }) {
  return median === 0 ? 0 : (high - low) / 2 / median;
}
