// What the sweeps of the tests train: a small network on a part of MNIST, so that a training takes seconds.

/** An experiment, without the sweep. `units` are those of its hidden layer. */
export const smallExperiment = ({ training, units, batchSize, epochs }) => `
data: { source: mnist, validation: 1000, training: ${training} }
model: [{ kind: dense, units: ${units} }, relu, { kind: dense, units: classes }]
optimizer: { kind: sgd, learningRate: 0.1, momentum: 0.9 }
batchSize: ${batchSize}
epochs: ${epochs}
`;

/** What a sweep draws at random. */
export const smallSpace = `
  parameters:
    optimizer.learningRate: { distribution: log_uniform_values, min: 0.003, max: 1 }
    model[0].units: { distribution: q_uniform, min: 16, max: 64, q: 16 }
    optimizer.momentum: { min: 0.0, max: 0.95 }
`;
