// The sweeps that the tests run: small networks on a part of MNIST, so that a training takes a second or two.
const experiment = (training) => `
data: { source: mnist, validation: 1000, training: ${training} }
model: [{ kind: dense, units: 64 }, relu, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: 20
epochs: 6
`;

const space = `
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.003, max: 1 }
    model[0].units: { distribution: q_uniform, min: 16, max: 64, q: 16 }
    optimizer.momentum: { min: 0.0, max: 0.95 }
`;

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
  run_cap: 12${space}`,
  bayes: `${experiment(training)}sweep:
  method: bayes
  run_cap: 14
  batch: 4
  metric: { name: val_loss, goal: minimize }${space}`,
  hyperband: `${experiment(training)}sweep:
  method: random
  run_cap: 16
  batch: 8
  early_terminate: { type: hyperband, min_iter: 1, eta: 2 }${space}`,
});
