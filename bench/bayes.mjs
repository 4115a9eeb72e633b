// Compares `bayes`, the tree-structured Parzen estimator, with `random`: the best values that both find in
// the same number of trials, on functions with a known minimum, over many seeds.
//
//   npm run build && node bench/bayes.mjs [trials] [seeds]
import { createProposals } from '../dist/src/sweep/proposals.js';

const range = (path, min, max, more = {}) => ({
  kind: 'interval',
  path,
  scale: 'linear',
  min,
  max,
  origin: () => path,
  ...more,
});
const choice = (path, values) => ({
  kind: 'choice',
  path,
  values,
  probabilities: values.map(() => 1 / values.length),
  origin: () => path,
});

const hartmann = {
  A: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  P: [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
  weight: [1, 1.2, 3, 3.2],
};

/** Functions to be minimised, with their minima. */
const functions = {
  // https://www.sfu.ca/~ssurjano/branin.html
  'Branin, 2 dimensions': {
    minimum: 0.397887,
    dimensions: [range('x', -5, 10), range('y', 0, 15)],
    value: ({ x, y }) =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
      10,
  },
  // https://www.sfu.ca/~ssurjano/hart6.html
  'Hartmann, 6 dimensions': {
    minimum: -3.32237,
    dimensions: Array.from({ length: 6 }, (_, i) => range(`x${i}`, 0, 1)),
    value: (point) => {
      const x = Object.values(point);
      return -hartmann.weight.reduce((sum, weight, i) => {
        const inner = x.reduce(
          (total, value, j) => total + hartmann.A[i][j] * (value - hartmann.P[i][j] / 10000) ** 2,
          0,
        );
        return sum + weight * Math.exp(-inner);
      }, 0);
    },
  },
  // Like a sweep of a network: a valley in the logarithm of the rate, a width, a choice that matters.
  'like a network: log, integer and choice': {
    minimum: 0,
    dimensions: [
      range('rate', 1e-4, 1, { scale: 'log' }),
      range('units', 16, 512, { quantum: 16 }),
      range('momentum', 0, 0.99),
      choice('activation', ['relu', 'tanh', 'sigmoid', 'gelu']),
      choice('batch', [32, 64, 128]),
    ],
    value: ({ rate, units, momentum, activation, batch }) =>
      (Math.log10(rate) + 1 + momentum) ** 2 +
      ((units - 320) / 200) ** 2 +
      { relu: 0, gelu: 0.1, tanh: 0.5, sigmoid: 1 }[activation] +
      Math.abs(batch - 64) / 128,
  },
};

const [trials, seeds] = [Number(process.argv[2] ?? 64), Number(process.argv[3] ?? 50)];
const batch = 8;

function bestOf(method, { dimensions, value }, seed) {
  const objective = { name: 'val_loss', goal: 'minimize' };
  const proposals = createProposals({
    method,
    objective,
    dimensions,
    seed,
    size: Number.POSITIVE_INFINITY,
    runCap: trials,
  });
  const results = [];
  for (let first = 1; first <= trials; first += batch) {
    const known = [...results];
    const pending = [];
    for (let number = first; number < first + batch && number <= trials; number++) {
      const parameters = proposals.next(known, pending);
      pending.push(parameters);
      results.push({
        number,
        parameters,
        status: 'finished',
        epochs: 1,
        value: value(parameters),
        deviation: 0,
        lines: [],
      });
    }
  }
  return Math.min(...results.map((result) => result.value));
}

const quantile = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))];
console.log(`best of ${trials} trials in batches of ${batch}, ${seeds} seeds: distance to the minimum`);
for (const [name, fn] of Object.entries(functions)) {
  console.log(name);
  const found = {};
  for (const method of ['random', 'bayes']) {
    found[method] = Array.from({ length: seeds }, (_, seed) => bestOf(method, fn, seed + 1) - fn.minimum);
    const sorted = found[method].toSorted((a, b) => a - b);
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share).toFixed(4));
    console.log(`  ${method.padEnd(7)} median ${median}  (quartiles ${low} and ${high})`);
  }
  const wins = found.bayes.filter((value, i) => value < found.random[i]).length;
  console.log(`  bayes is better for ${wins} of ${seeds} seeds`);
}
