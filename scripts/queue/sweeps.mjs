// The sweeps that the tests of the queue run.
import { smallExperiment, smallSpace } from '../small-sweep.mjs';

const experiment = (training) => smallExperiment({ training, units: 64, batchSize: 20, epochs: 6 });

export const sweepsOf = (training) => ({
  // One of the values diverges.
  grid: `${experiment(training)}sweep:
  method: grid
  parameters:
    optimizer.learningRate: { values: [0.01, 0.03, 0.1, 1.0e+30] }
    batchSize: { values: [20, 50, 100] }
`,
  random: `${experiment(training)}sweep:
  method: random
  run_cap: 12${smallSpace}`,
  bayes: `${experiment(training)}sweep:
  method: bayes
  run_cap: 14
  batch: 4
  metric: { name: val_loss, goal: minimize }${smallSpace}`,
  hyperband: `${experiment(training)}sweep:
  method: random
  run_cap: 16
  batch: 8
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }${smallSpace}`,
});
